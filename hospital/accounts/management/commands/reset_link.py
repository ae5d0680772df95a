"""`manage.py reset_link`: print the link by which a person chooses a new password."""

import json
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hospital.accounts.models import User
from hospital.accounts.services.people import make_reset_link


class Command(BaseCommand):
    help = "Print a one-time link by which a person chooses a new password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            self.stderr.write(
                f"error: no active account is called {options['username']}"
            )
            sys.exit(2)
        link = make_reset_link(user=user)
        address = f"http://localhost:{settings.PORT}{link.path}"
        answer = {"link": address, "expires": link.row.expires.isoformat()}
        self.stdout.write(json.dumps(answer) if options["json"] else address)
