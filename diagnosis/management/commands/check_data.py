"""`manage.py check_data`: what is wrong with labelled images, before training."""

import json
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.datacheck import checked
from diagnosis.inference.entry import Preprocessing
from diagnosis.management.verbs import labelled_images, report_file
from diagnosis.reporting.data import data_panels, warnings
from diagnosis.reporting.files import report
from diagnosis.training.dataset import image_sizes, load_examples
from diagnosis.training.manifest import labels_of, write_dealt
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar

SIDE = 128  # pixels: enough for copies and shortcuts


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
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        deal, file = deal_file(options), report_file(options["report"])
        images, root = labelled_images(options, is_strict=False)
        labels = labels_of(images)
        positive = options["positive"] or labels[0]
        if positive not in labels:
            message = f"--positive {positive} is none of: {', '.join(labels)}"
            raise BadInput(message)
        with progress_bar() as told:
            examples = load_examples(
                images,
                labels=labels,
                preprocessing=Preprocessing(SIDE, 0.0, 1.0),
                pool=decoder_pool(),
                progress=lambda done, of: told(f"reading {done} of {of}", done / of),
            )
            sizes = image_sizes(images, decoder_pool())
            told("looking for copies and shortcuts", 0.0)
            found = checked(
                images, examples.squares, sizes, positive=positive, root=root
            )
        words = warnings(found)
        if deal:
            write_dealt(deal, images, root=root)
        if file:
            asked = Path(options["manifest"] or root).resolve()
            data = f"{asked.parent.name}/{asked.name}"
            further = {"found": found, "data": data, "warnings": words}
            file.write_text(
                report(
                    "data_report",
                    data_panels(found),
                    suffix=file.suffix,
                    further=further,
                )
            )
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
