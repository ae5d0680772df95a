"""`manage.py import_knowledge FILE… --library NAME`: texts for the library."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any  # Any: Django's signature

import pghistory
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser

from hospital.core.errors import DomainError
from hospital.core.health import tables_are_current
from hospital.core.verbs import BAD_INPUT, DONE, BadInput, Told, Verb, progress_bar
from hospital.knowledge.management.telling import tell, told_safely
from hospital.knowledge.reading.files import KINDS, read_file
from hospital.knowledge.reading.incoming import Flaw, Incoming
from hospital.knowledge.services.importing import Tally, import_entries
from hospital.knowledge.services.libraries import library_named

ALMOST = 0.99  # a file is done when its rows are kept


class Command(Verb):
    help = "Import texts into a library; a second time changes nothing."
    needs_services = True

    def create_parser(
        self, prog_name: str, subcommand: str, **kwargs: Any
    ) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Options may stand between the files: A --library x B --library y.
        parser.parse_args = parser.parse_intermixed_args  # type: ignore[method-assign]  # argparse's own, under the name that Django calls
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help=KINDS)
        parser.add_argument(
            "--library",
            action="append",
            required=True,
            metavar="NAME",
            help="one for all files, or one for each in their order",
        )
        parser.add_argument(
            "--draft",
            action="store_true",
            help="keep them from patients until somebody publishes them",
        )
        parser.add_argument(
            "--embed",
            action="store_true",
            help="make the vectors of the search now, not at the first question",
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        paths = [Path(name) for name in options["files"]]
        names = _a_name_each(options["library"], paths)
        _require_tables()
        tally = Tally()
        with progress_bar() as told, pghistory.context(command="import_knowledge"):
            for number, (path, name) in enumerate(zip(paths, names, strict=True)):
                try:
                    library = library_named(name)
                except DomainError as error:
                    raise BadInput(str(error)) from error
                share = _Share(told, number / len(paths), 1 / len(paths))
                tally.files += 1
                import_entries(
                    library,
                    share.told_of(path),
                    file=str(path),
                    tally=tally,
                    publish=not options["draft"],
                )
            if options["embed"]:
                _embed(names, told)
        tell(self, tally, as_json=options["json"])
        return BAD_INPUT if tally.quarantined else DONE


class _Share:
    """The part of the bar that one file fills."""

    def __init__(self, told: Told, start: float, width: float) -> None:
        self._told, self._start, self._width = told, start, width

    def told_of(self, path: Path) -> Iterator[Incoming | Flaw]:
        name = told_safely(path.name)

        def told(share: float) -> None:
            self._told(name, self._start + min(share, ALMOST) * self._width)

        yield from read_file(path, told)
        self._told(name, self._start + self._width)


def _a_name_each(names: list[str], paths: list[Path]) -> list[str]:
    if len(names) == 1:
        return names * len(paths)
    if len(names) != len(paths):
        message = (
            f"{len(names)} libraries for {len(paths)} files: "
            "give one for all, or one for each"
        )
        raise BadInput(message)
    return names


def _embed(names: list[str], told: Told) -> None:
    from hospital.knowledge.services.embedding import embed  # noqa: PLC0415 (torch)

    embed(sorted(set(names)), told=lambda share: told("vectors", share))


def _require_tables() -> None:
    """Make the tables of an embedded database; another one is its keeper's to change."""
    if tables_are_current():
        return
    if not settings.EMBEDDED_DATABASE:
        message = "the database lacks tables; run `manage.py migrate` first"
        raise BadInput(message)
    call_command("migrate", interactive=False, verbosity=0)
