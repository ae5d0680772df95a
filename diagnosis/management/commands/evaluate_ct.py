"""`manage.py evaluate_ct`: how a stored model does on a split of a manifest."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # Any: Django's signature, and JSON of several shapes

from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.kept import keep_beside
from diagnosis.evaluation.whole import (
    HeldOut,
    Opened,
    answers_alone,
    comparison_json,
    whole_evaluation,
)
from diagnosis.inference.engines import open_engine
from diagnosis.management.verbs import (
    chosen_entry,
    data_name,
    folder_and_manifest,
    report_file,
)
from diagnosis.reporting.files import model_report
from diagnosis.training.evaluate import Evaluation, evaluated
from diagnosis.training.manifest import ManifestError, read_manifest, split_of
from hospital.core.verbs import DONE, Verb, progress_bar


class Command(Verb):
    help = "Measure a model of the store on labelled images."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", metavar="NAME[/VERSION]")
        parser.add_argument("--manifest", required=True, metavar="CSV")
        parser.add_argument("--root", metavar="DIR", help="where the paths begin")
        parser.add_argument("--split", default="test", choices=["train", "val", "test"])
        parser.add_argument("--model", metavar="NAME[/VERSION]")
        parser.add_argument("--against", metavar="NAME[/VERSION]")
        parser.add_argument("--positive", default="", metavar="LABEL")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument(
            "--report",
            metavar="FILE.html|.md",
            help="everything: curves, changes to the images, maps; takes minutes",
        )
        parser.add_argument(
            "--keep",
            action="store_true",
            help="the same, kept beside the entry for its page in the browser",
        )
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        manifest, root = folder_and_manifest(options)
        report = report_file(options["report"])
        images = split_of(read_manifest(manifest, root=root), options["split"])
        entry = chosen_entry(options["name"] or options["model"])
        positive = options["positive"] or entry.positive
        if positive not in entry.labels:
            known = ", ".join(entry.labels)
            message = f"positive label {positive!r} is none of the model's: {known}"
            raise ManifestError(message)
        against = self._against(options, positive)
        model = Opened(entry, open_engine(entry, device=options["device"]))
        held = HeldOut(
            images,
            positive=positive,
            split=options["split"],
            data=data_name(manifest),
            data_digest=hashlib.sha256(manifest.read_bytes()).hexdigest(),
        )
        pool = decoder_pool()
        with progress_bar() as told:
            if report or options["keep"]:
                found = whole_evaluation(
                    held,
                    model=model,
                    against=against,
                    pool=pool,
                    made=datetime.now(UTC).date(),
                    told=told,
                )
            else:
                found = answers_alone(
                    held, model=model, against=against, pool=pool, told=told
                )
        if options["keep"]:
            keep_beside(Path(settings.MODEL_STORE), entry, found.document)
        if report:
            words = model_report(found.document, entry, suffix=report.suffix)
            report.write_text(words)
        evaluation = evaluated(images, found.answers, entry=entry, positive=positive)
        comparison = comparison_json(found.difference, against)
        further = {"comparison": comparison, "evaluation": found.document}
        answer = evaluation.as_json(
            model=entry.reference,
            positive=positive,
            split=options["split"],
            further={name: value for name, value in further.items() if value},
        )
        self.stdout.write(
            json.dumps(answer) if options["json"] else in_words(evaluation, comparison)
        )
        return DONE

    def _against(self, options: dict[str, Any], positive: str) -> Opened | None:
        """Return the model to compare with; None where none is asked for."""
        if not options["against"]:
            return None
        other = chosen_entry(options["against"])
        if positive not in other.labels:
            known = ", ".join(other.labels)
            message = (
                f"{other.reference} knows no label {positive!r}, only: {known}; "
                "compare models of the same labels"
            )
            raise ManifestError(message)
        return Opened(other, open_engine(other, device=options["device"]))


def in_words(evaluation: Evaluation, comparison: dict[str, Any]) -> str:
    """Return the main figures for a person."""
    figures = evaluation.figures
    area = "none" if figures.auroc is None else f"{figures.auroc:.3f}"
    words = (
        f"{figures.n} images, AUROC {area}, accuracy {figures.accuracy:.3f}, "
        f"ECE {figures.ece:.3f}, {figures.abstained} without an answer"
    )
    if not comparison:
        return words
    low, high = comparison["ci95"]
    return (
        f"{words}\nAUROC less that of {comparison['against']} on the same images: "
        f"{comparison['difference']:+.3f} ({low:+.3f} to {high:+.3f})"
    )
