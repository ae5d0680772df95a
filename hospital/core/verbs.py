"""What the commands of every room share: how they end, and how they tell progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any  # Any: options are what argparse made of them

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

DONE, FAILED, BAD_INPUT = 0, 1, 2
Told = Callable[[str, float], None]  # what is done, and its share from 0 to 1


class BadInput(Exception):
    """What was asked cannot be done; the message says what and how to mend it."""


class Verb(BaseCommand):
    """A command that needs no database, ends 0, 1 or 2, and speaks JSON when asked."""

    needs_services = False
    requires_system_checks = ()

    def create_parser(
        self, prog_name: str, subcommand: str, **kwargs: Any
    ) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.called_from_command_line = False  # a wrong option raises, see below
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """End on a wrong option with one line `error: …` and status 2."""
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            words = str(error).removeprefix("Error: ")
            self.stderr.write(f"error: {words}; see --help", style_func=str)
            sys.exit(BAD_INPUT)

    def handle(self, **options: Any) -> None:
        try:
            status = self.perform(options)
        except (BadInput, ValueError) as error:
            self.stderr.write(f"error: {error}", style_func=str)
            status = BAD_INPUT if is_of_the_input(error) else FAILED
        if status:
            sys.exit(status)

    def perform(self, options: dict[str, Any]) -> int:
        """Do the work and return how it ended."""
        raise NotImplementedError


def is_of_the_input(error: Exception) -> bool:
    """Whether the caller can mend it: every refusal of ours is a small named error."""
    return type(error) is not ValueError


@contextmanager
def progress_bar() -> Iterator[Told]:
    """Show a bar on standard error and give the function that moves it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def told(title: str, share: float) -> None:
            bar.update(task, description=title, completed=share)
            if not console.is_terminal and share >= 1.0:
                console.print(title, highlight=False)

        yield told
