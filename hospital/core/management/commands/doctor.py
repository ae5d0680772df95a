"""`manage.py doctor`: what this machine has, what it lacks, and what to do."""

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from hospital.core.needs import ground_needs
from hospital.core.registry import Need, registry
from hospital.embedded import EmbeddedError
from hospital.embedded.door import services

SIGNS = {
    "found": "[green]found[/]",
    "missing": "[red]missing[/]",
    "optional": "optional",
}


class Command(BaseCommand):
    help = "Say for each need whether it is found, and what to do where it is not."
    needs_services = False  # a database that does not start is an answer, not an end
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        needs = examine()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(need) for need in needs]))
        else:
            show(needs)
        if any(need.state == "missing" for need in needs):
            sys.exit(1)


def examine() -> list[Need]:
    """Return every answer, with the embedded services running where they can."""
    with ExitStack() as running:
        try:
            running.enter_context(services())
            trouble = []
        except EmbeddedError as error:
            trouble = [Need("Embedded services", "missing", str(error), "As it says.")]
        answers = [need for check in registry.doctor_checks for need in check()]
        return [*trouble, *ground_needs(), *answers]


def show(needs: list[Need]) -> None:
    table = Table("Need", "State", "Detail", "What to do", box=None, pad_edge=False)
    for need in needs:
        table.add_row(need.name, SIGNS[need.state], need.detail, need.remedy)
    Console().print(table)
