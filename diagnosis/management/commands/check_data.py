"""`manage.py check_data`: what is wrong with labelled images, before training."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.datacheck import kept_with, looked_over
from diagnosis.evaluation.kept import DATA, keep_beside
from diagnosis.management.verbs import (
    chosen_entry,
    data_name,
    labelled_images,
    report_file,
)
from diagnosis.reporting.data import data_panels, warnings
from diagnosis.reporting.files import report
from diagnosis.training.manifest import labels_of, write_dealt
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar


class Command(Verb):
    help = "Look for copies, leaks and shortcuts in labelled images before training."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--manifest", metavar="CSV", help="without it --root has a folder a label"
        )
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument(
            "--deal", metavar="CSV", help="write how train_ct would deal the folders"
        )
        parser.add_argument("--positive", default="", metavar="LABEL")
        parser.add_argument("--report", metavar="FILE.html|.md")
        parser.add_argument(
            "--keep",
            metavar="NAME[/VERSION]",
            help="a model that learned from the images: kept beside it for its page",
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        deal, file = deal_file(options), report_file(options["report"])
        entry = chosen_entry(options["keep"]) if options["keep"] else None
        images, root = labelled_images(options, is_strict=False)
        labels = labels_of(images)
        positive = options["positive"] or labels[0]
        if positive not in labels:
            message = f"--positive {positive} is none of: {', '.join(labels)}"
            raise BadInput(message)
        with progress_bar() as told:
            found = looked_over(
                images, positive=positive, root=root, pool=decoder_pool(), told=told
            )
        words, data = warnings(found), data_name(Path(options["manifest"] or root))
        if deal:
            write_dealt(deal, images, root=root)
        if file:
            further = {"found": found, "data": data, "warnings": words}
            file.write_text(
                report(
                    "data_report",
                    data_panels(found),
                    suffix=file.suffix,
                    further=further,
                )
            )
        if entry:
            today = datetime.now(UTC).date()
            kept = kept_with(entry, found, data=data, made=today)
            keep_beside(Path(settings.MODEL_STORE), entry, kept, folder=DATA)
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write("\n".join(words or ["Nothing has to be mended."]))
        return DONE


def deal_file(options: dict[str, Any]) -> Path | None:
    """Return where the deal goes, once it can go there; None where none is asked for."""
    if not options["deal"]:
        return None
    deal = Path(options["deal"])
    if options["manifest"]:
        message = "--deal is for folders: a manifest deals its images itself"
        raise BadInput(message)
    if not deal.resolve().parent.is_dir():
        message = f"--deal {deal}: there is no folder {deal.resolve().parent}"
        raise BadInput(message)
    return deal
