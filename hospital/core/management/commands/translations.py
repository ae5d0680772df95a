"""`manage.py translations`: keep the catalogues complete.

--update   extract every string into the .po files and compile them
--check    fail when a string is missing, untranslated or fuzzy
--compile  compile the .po files (what `make` runs); the default
"""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from hospital.core import catalogues
from hospital.env import BASE_DIR


class Command(BaseCommand):
    help = "Extract, check and compile the texts of every language."
    needs_services = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--update", action="store_true")
        what.add_argument("--check", action="store_true")
        what.add_argument("--compile", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        if options["check"]:
            self.check_catalogues()
        elif options["update"]:
            catalogues.update(BASE_DIR)
        else:
            for language in catalogues.LANGUAGES:
                catalogues.compile_catalogue(BASE_DIR, language)

    def check_catalogues(self) -> None:
        flaws = catalogues.check(BASE_DIR)
        for flaw in flaws:
            self.stderr.write(f"{flaw.language}: {flaw.text!r} {flaw.why}")
        if flaws:
            self.stderr.write(
                f"error: {len(flaws)} texts to translate; run `manage.py translations "
                "--update`, then edit locale/."
            )
            sys.exit(1)
