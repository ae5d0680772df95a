"""`manage.py diagnose PATH…`: what the model says of files, without the platform."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.engines import Engine, open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.inputs import Found, FoundSeries, UnreadFile, find_inputs
from diagnosis.inference.predict import Reading, read_series
from diagnosis.inference.preprocess import PreprocessError
from diagnosis.management.verbs import chosen_entry
from hospital.core.verbs import BAD_INPUT, DONE, Verb, progress_bar

SPOKE = 5  # slices told, those that count most first


class Command(Verb):
    help = "Read DICOM files, folders of DICOM, PNG and JPEG images with a model."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--model", metavar="NAME[/VERSION]")
        parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
        parser.add_argument(
            "--json", action="store_true", help="one JSON line an input"
        )

    def perform(self, options: dict[str, Any]) -> int:
        entry = chosen_entry(options["model"])
        engine = open_engine(entry, device=options["device"])
        status = DONE
        with progress_bar() as told:
            for path, found, share in found_under(options["paths"]):
                told(str(path), share)
                answer = answer_of(found, path, entry, engine)
                if "error" in answer:
                    status = BAD_INPUT
                line = json.dumps(answer, ensure_ascii=False)
                self.stdout.write(line if options["json"] else in_words(answer))
        return status


def found_under(paths: list[str]) -> Iterator[tuple[Path, Found, float]]:
    """Yield every input under the paths, and the share of the paths looked through."""
    for number, text in enumerate(paths):
        path = Path(text)
        share = number / len(paths)
        if not path.exists():
            message = "There is no such file or folder."
            yield path, UnreadFile(path, "no_such_file", message), share
            continue
        found = find_inputs(path, decoder_pool())
        if not found:
            message = "The folder holds no DICOM file and no image."
            found = [UnreadFile(path, "nothing_to_read", message)]
        for each in found:
            yield path, each, share


def answer_of(
    found: Found, asked: Path, entry: ModelEntry, engine: Engine
) -> dict[str, object]:
    """Return one line of CONTRACTS 1."""
    name = {"input": str(found.path if found.path != asked else asked)}
    if isinstance(found, UnreadFile):
        return {**name, "error": {"code": found.code, "message": found.message}}
    started = time.perf_counter()
    try:
        reading = read_series(entry, engine, found.series)
    except DicomRefused as refusal:
        return {**name, "error": {"code": refusal.code, "message": refusal.message}}
    except PreprocessError as error:
        return {**name, "error": {"code": "no_picture", "message": str(error)}}
    elapsed_ms = round((time.perf_counter() - started) * 1000)
    return {**name, **_answer(found, reading, entry), "elapsed_ms": elapsed_ms}


def _answer(
    found: FoundSeries, reading: Reading, entry: ModelEntry
) -> dict[str, object]:
    return {
        "kind": found.series.facts.kind,
        "model": entry.reference,
        "label": reading.label,
        "probability": reading.probability,
        "probabilities": reading.probabilities,
        "possible_labels": list(reading.possible),
        "coverage": reading.coverage,
        "calibrated": reading.is_calibrated,
        "calibrated_on": reading.calibrated_on,
        "abstained": reading.abstained,
        "reason": reading.reason,
        "reason_code": reading.objections[0].code if reading.abstained else "",
        "series": found.series_instance_uid,
        "slices": reading.slices_read,
        "spoke": [
            {"slice": index + 1, "weight": round(weight, 4)}
            for index, weight in reading.spoke[:SPOKE]
        ],
        "metal": asdict(reading.metal) if reading.metal else None,
        "notice": entry.notice,
    }


def in_words(answer: dict[str, Any]) -> str:
    """Return an answer as one line for a person."""
    if "error" in answer:
        return f"{answer['input']}: not read. {answer['error']['message']}"
    if answer["abstained"]:
        return f"{answer['input']}: no answer. {answer['reason']}"
    words = f"{answer['input']}: {answer['label']}, {answer['probability']:.0%}"
    if metal := answer["metal"]:
        words += f"; metal in {metal['slices']} of {metal['read']} slices read"
        words += f", {metal['left_out']} not counted" if metal["left_out"] else ""
    spoke = ", ".join(
        f"{one['slice']} ({one['weight']:.0%})" for one in answer["spoke"]
    )
    return f"{words}; by slices {spoke}" if spoke else words
