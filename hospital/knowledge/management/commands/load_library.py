"""`manage.py load_library`: the shipped library, kept as its files are."""

from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from hospital.core.verbs import DONE, FAILED, Verb, progress_bar
from hospital.knowledge.management.telling import tell
from hospital.knowledge.services.shipping import keep_shipped_library


class Command(Verb):
    help = "Bring the shipped library up to date; a second time changes nothing."
    needs_services = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        with progress_bar() as told:
            tally = keep_shipped_library(told=lambda share: told("library", share))
        tell(self, tally, as_json=options["json"])
        return FAILED if tally.quarantined else DONE
