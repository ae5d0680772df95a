"""`manage.py evaluate_ct`: how a stored model does on a split of a manifest."""

import json
from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.engines import open_engine
from diagnosis.management.verbs import chosen_entry, folder_and_manifest
from diagnosis.training.evaluate import Evaluation, evaluate
from diagnosis.training.manifest import read_manifest, split_of
from hospital.core.verbs import DONE, Verb, progress_bar


class Command(Verb):
    help = "Measure a model of the store on labelled images."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--manifest", required=True, metavar="CSV")
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument("--split", default="test", choices=["train", "val", "test"])
        parser.add_argument("--model", metavar="NAME[/VERSION]")
        parser.add_argument("--positive", default="", metavar="LABEL")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        manifest, root = folder_and_manifest(options)
        images = split_of(read_manifest(manifest, root=root), options["split"])
        entry = chosen_entry(options["model"])
        positive = options["positive"] or entry.positive
        with progress_bar() as told:
            evaluation = evaluate(
                images,
                entry=entry,
                engine=open_engine(entry, device=options["device"]),
                positive=positive,
                pool=decoder_pool(),
                progress=lambda done, of: told(f"reading {done} of {of}", done / of),
            )
        document = evaluation.as_json(
            model=entry.reference, positive=positive, split=options["split"]
        )
        self.stdout.write(
            json.dumps(document) if options["json"] else in_words(evaluation)
        )
        return DONE


def in_words(evaluation: Evaluation) -> str:
    """Return the main figures for a person."""
    figures = evaluation.figures
    area = "none" if figures.auroc is None else f"{figures.auroc:.3f}"
    return (
        f"{figures.n} images, AUROC {area}, accuracy {figures.accuracy:.3f}, "
        f"ECE {figures.ece:.3f}, {figures.abstained} without an answer"
    )
