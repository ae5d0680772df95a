"""`manage.py invite`: make an account and print the link that opens it."""

import json
import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hospital.accounts.models import Department, LinkPurpose, Role
from hospital.accounts.services.links import NewLink, make_link
from hospital.accounts.services.people import invite_person
from hospital.accounts.ties import patient_by_identifiers
from hospital.core.errors import DomainError


class Command(BaseCommand):
    help = "Make an account and print a one-time link by which it gets its password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "username", nargs="?", default="", help="absent with --code alone"
        )
        parser.add_argument("--role", choices=Role.values, default=Role.CLINICIAN)
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--department", action="append", default=[], help="a code, any number"
        )
        parser.add_argument("--patient", default="", help="a patient's hospital number")
        parser.add_argument(
            "--birth-date", type=_day, help="of that patient, 1961-02-03"
        )
        parser.add_argument(
            "--code",
            action="store_true",
            help="print a code that ties an account which the patient has already",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        try:
            link = _make(options)
        except (DomainError, LookupError) as error:
            message = getattr(error, "message", error.args[0])
            self.stderr.write(f"error: {message}")
            sys.exit(2)
        address = f"http://localhost:{settings.PORT}{link.path}"
        answer = {
            "username": link.row.user.username if link.row.user else None,
            "link": address,
            "code": link.code,
            "expires": link.row.expires.isoformat(),
        }
        self.stdout.write(json.dumps(answer) if options["json"] else address)


def _make(options: dict[str, Any]) -> NewLink:
    patient_id = None
    if options["patient"]:
        if options["birth_date"] is None:
            message = "--patient needs --birth-date: a number alone may be mistyped."
            raise LookupError(message)
        patient_id = patient_by_identifiers(
            number=options["patient"], birth_date=options["birth_date"]
        )
    if options["code"]:
        if patient_id is None:
            message = "--code needs --patient and --birth-date."
            raise LookupError(message)
        return make_link(purpose=LinkPurpose.RECORD, patient_id=patient_id)
    return invite_person(
        username=options["username"],
        role=Role.PATIENT if patient_id else Role(options["role"]),
        departments=_departments(options["department"]),
        full_name=options["name"],
        email=options["email"],
        patient_id=patient_id,
    )


def _departments(codes: list[str]) -> list[Department]:
    found = {row.code: row for row in Department.objects.filter(code__in=codes)}
    missing = [code for code in codes if code not in found]
    if missing:
        message = f"There is no department {', '.join(missing)}."
        raise LookupError(message)
    return list(found.values())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text} is not a date such as 1961-02-03."
        raise ArgumentTypeError(message) from error
