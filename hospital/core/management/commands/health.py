"""`manage.py health`: what a container engine asks a worker, which serves no page."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from hospital.core.health import CHECKS


class Command(BaseCommand):
    help = "Exit 0 when database, tables and broker answer from here, else 1."
    needs_services = False  # it asks; it starts nothing
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        failed = [name for name, check in CHECKS.items() if not check()]
        if failed:
            sys.exit(f"error: {', '.join(failed)} failed")
        self.stdout.write("healthy")
