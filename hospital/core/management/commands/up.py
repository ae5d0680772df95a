"""`manage.py up`: the whole platform on this machine, until Ctrl-C."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hospital.core.supervisor import Supervisor, SupervisorError
from hospital.embedded.door import services


class Command(BaseCommand):
    help = "Start web, workers and beat with the services they need, and keep them up."
    needs_services = False  # it starts them itself
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo data")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        supervisor = Supervisor(
            folder=settings.VAR,
            services=services(),
            host=settings.BIND_HOST,
            port=settings.PORT,
            demo=options["demo"],
        )
        try:
            supervisor.run()
        except SupervisorError as error:
            sys.exit(f"error: {error}")
        sys.stdout.flush()
        os._exit(0)  # nothing is left to tidy, and a busy machine would take seconds
