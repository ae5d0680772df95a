"""`manage.py calibrate_ct`: a stored model's probabilities, fitted to other images."""

import json
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.conformal import COVERAGE, COVERAGE_BOUNDS, is_coverage
from diagnosis.management.verbs import chosen_entry, folder_and_manifest
from diagnosis.training.manifest import read_manifest
from diagnosis.training.recalibrate import recalibrated
from hospital.core.sealed import parse_reference, refuse_existing
from hospital.core.verbs import DONE, BadInput, Verb, progress_bar


class Command(Verb):
    help = "Fit a model's probabilities to images it did not learn from, as a version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME[/VERSION]")
        parser.add_argument("--manifest", required=True, metavar="CSV")
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument("--split", default="val", choices=["train", "val", "test"])
        parser.add_argument("--out", required=True, metavar="NAME/VERSION")
        parser.add_argument(
            "--coverage",
            type=float,
            default=COVERAGE,
            metavar="SHARE",
            help="of patients for whom the truth shall be among the labels left open",
        )
        parser.add_argument("--data", default="Not stated.", help="for the card")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        manifest, root = folder_and_manifest(options)
        name, version = parse_reference(options["out"])
        if not version:
            message = "--out takes NAME/VERSION, such as ct-covid/3"
            raise BadInput(message)
        if not is_coverage(options["coverage"]):
            message = f"--coverage {options['coverage']}: {COVERAGE_BOUNDS}"
            raise BadInput(message)
        store = Path(settings.MODEL_STORE)
        refuse_existing(store, name, version)
        entry = chosen_entry(options["name"])
        images = read_manifest(manifest, root=root)
        with progress_bar() as told:
            built = recalibrated(
                entry,
                images,
                split=options["split"],
                out=(name, version),
                pool=decoder_pool(),
                coverage=options["coverage"],
                data=options["data"],
                report=lambda step: told(step.title, step.share),
            )
        answer = {
            "model": f"{name}/{version}",
            "digest": built.digest,
            "metrics": built.metrics,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{answer['model']} is in {store}; read its card.md.")
        return DONE
