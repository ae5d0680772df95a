"""`manage.py export_labels`: a training manifest from signed reports, or from readers."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any  # Any: options are what argparse made of them

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management.base import CommandParser
from django.utils.dateparse import parse_date, parse_datetime

from diagnosis.models import LabelProject
from diagnosis.pipelines.exporting import write_manifest
from diagnosis.services.labels import TrainingRow, labelled_rows, training_rows
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar


class Command(Verb):
    help = (
        "Write a training manifest (path,label_name,split,patient,source, and the groups "
        "sex,age_years,manufacturer,manufacturer_model_name) from the verdicts of signed reports, or from the labels of a project of readers. Paths "
        "are relative to --root where it is given, and the images are put there; else "
        "to the file store."
    )
    needs_services = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, metavar="CSV")
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--since", metavar="DATE", help="signed on or after it")
        source.add_argument(
            "--project", metavar="ID", help="the labelling project, instead of reports"
        )
        parser.add_argument(
            "--root", metavar="DIR", help="copy the images there, for train_ct --root"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        out = Path(options["out"])
        if not out.parent.is_dir():
            message = f"there is no folder {out.parent} to write into"
            raise BadInput(message)
        rows = list(wanted_rows(options))
        root = Path(options["root"]) if options["root"] else None
        with progress_bar() as told:
            write_manifest(out, rows, root=root, told=lambda n: told("labels", n))
        summary = {
            "manifest": str(out),
            "root": str(root or store_root()),
            "rows": len(rows),
            "patients": len({row.patient for row in rows}),
            "labels": dict(Counter(row.label_name for row in rows)),
            "splits": dict(Counter(row.split for row in rows)),
        }
        words = f"{summary['rows']} labels of {summary['patients']} patients in {out}"
        self.stdout.write(json.dumps(summary) if options["json"] else words)
        return DONE


def wanted_rows(options: dict[str, Any]) -> Iterator[TrainingRow]:
    """Return the labels of a project's readers where one is named, else of reports."""
    if not options["project"]:
        return training_rows(since=moment(options["since"]))
    try:
        project = LabelProject.objects.get(id=options["project"])
    except (LabelProject.DoesNotExist, ValidationError) as error:
        message = f"there is no labelling project {options['project']!r}: see its page"
        raise BadInput(message) from error
    return labelled_rows(project)


def moment(text: str | None) -> datetime | None:
    """Return the moment a date or time names, in UTC where it names no zone."""
    if not text:
        return None
    try:
        day = parse_date(text)
        found = datetime.combine(day, time.min) if day else parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        message = f"{text!r} is no date such as 2026-11-25"
        raise BadInput(message)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def store_root() -> str:
    """Return the file store's folder, where it is one of this machine's."""
    try:
        return default_storage.path("")
    except NotImplementedError:
        return ""
