"""`manage.py evaluate_ct`: how a stored model does on a split of a manifest."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # Any: Django's signature, and JSON of several shapes

from django.conf import settings
from django.core.management.base import CommandParser

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.kept import FORMAT, keep_beside
from diagnosis.evaluation.measure import (
    AS_IT_IS,
    answers_read,
    difference_json,
    document,
    read_images,
)
from diagnosis.inference.engines import open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.management.verbs import (
    chosen_entry,
    data_name,
    folder_and_manifest,
    report_file,
)
from diagnosis.reporting.files import model_report
from diagnosis.training.compare import Difference, paired_difference
from diagnosis.training.evaluate import Evaluation, answers_of, evaluated
from diagnosis.training.manifest import (
    LabelledImage,
    ManifestError,
    read_manifest,
    split_of,
)
from diagnosis.training.metrics import Answers
from hospital.core.verbs import DONE, Told, Verb, progress_bar


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
        with progress_bar() as told:
            measured, answers = self._measured(images, entry, positive, options, told)
            comparison = self._compared(images, answers, entry, positive, options, told)
        if measured:
            measured = {
                "format": FORMAT,
                "model": entry.reference,
                "digest": entry.digest,
                "made": datetime.now(UTC).date().isoformat(),
                "data": data_name(manifest),
                "data_digest": hashlib.sha256(manifest.read_bytes()).hexdigest(),
                "split": options["split"],
                **measured,
                "comparison": comparison,
            }
        if options["keep"]:
            keep_beside(Path(settings.MODEL_STORE), entry, measured)
        if report:
            report.write_text(model_report(measured, entry, suffix=report.suffix))
        evaluation = evaluated(images, answers, entry=entry, positive=positive)
        further = {"comparison": comparison, "evaluation": measured}
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

    def _measured(
        self,
        images: list[LabelledImage],
        entry: ModelEntry,
        positive: str,
        options: dict[str, Any],
        told: Told,
    ) -> tuple[dict[str, object], Answers]:
        """Return all that is measured, empty where only the figures are asked for."""
        engine = open_engine(entry, device=options["device"])

        def progress(done: int, of: int) -> None:
            told(f"reading {done} of {of}", done / of)

        if not (options["report"] or options["keep"]):
            return {}, answers_of(
                images,
                entry=entry,
                engine=engine,
                pool=decoder_pool(),
                progress=progress,
            )
        read = read_images(
            images, entry=entry, engine=engine, pool=decoder_pool(), progress=progress
        )
        told("drawing patients, testing the maps", 0.0)
        measured = document(images, read, entry=entry, engine=engine, positive=positive)
        return measured, answers_read(images, read.readings[AS_IT_IS], entry=entry)

    def _compared(
        self,
        images: list[LabelledImage],
        answers: Answers,
        entry: ModelEntry,
        positive: str,
        options: dict[str, Any],
        told: Told,
    ) -> dict[str, object]:
        """Return how the entry stands beside another on the same images."""
        if not options["against"]:
            return {}
        other = chosen_entry(options["against"])
        if positive not in other.labels:
            known = ", ".join(other.labels)
            message = (
                f"{other.reference} knows no label {positive!r}, only: {known}; "
                "compare models of the same labels"
            )
            raise ManifestError(message)
        theirs = answers_of(
            images,
            entry=other,
            engine=open_engine(other, device=options["device"]),
            pool=decoder_pool(),
            progress=lambda done, of: told(
                f"{other.reference} reading {done} of {of}", done / of
            ),
        )
        index = entry.labels.index(positive)
        difference: Difference | None = paired_difference(
            answers.probabilities[:, index],
            theirs.probabilities[:, other.labels.index(positive)],
            answers.truth == index,
            groups=answers.groups,
        )
        return difference_json(difference, against=other)


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
