"""Labels in DICOM objects: a structured report or segmentation, or a ZIP of them."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # Any: a label as JSON of the decoder's making

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool, decoder_pool
from diagnosis.labelling.records import Place, RawLabel, RawMark, Reading
from diagnosis.services.incoming import (
    IncomingFile,
    Rejection,
    Staging,
    opened,
    staging_folder,
)

MOST_OBJECTS = 500
MOST_SECONDS = 20.0  # of reading: a page waits for it
LARGEST_OBJECT = 32 * 1024**2
MOST_POINTS = 500_000  # of all marks together


@dataclass(slots=True)
class Drawn:
    """What the segmentations of one creator show of a study."""

    place: Place
    reader: str
    answers: set[str] = field(default_factory=set)
    marks: list[RawMark] = field(default_factory=list)


Masks = dict[tuple[str, str], Drawn]  # by study and creator


def read(content: bytes) -> Reading:
    """Return the labels of a file's objects, and which of them are none.

    Segmentations of one study and creator make one label: its answer is the one that
    was written with them here, else what all their segments are called.
    """
    reading, rejections, masks = Reading(), list[Rejection](), Masks()
    pool = decoder_pool()
    until = time.monotonic() + MOST_SECONDS
    points = 0
    with staging_folder() as folder:
        staging = Staging(Path(folder))
        sent = staging.next_path()
        sent.write_bytes(content)
        found = opened([IncomingFile("", sent)], staging, rejections)
        for number, file in enumerate(found, start=1):
            if number > MOST_OBJECTS:
                reading.add(Place("file"), "too_many", value=MOST_OBJECTS)
                break
            if time.monotonic() >= until:
                reading.add(Place("report", number), "too_slow")
                break
            label = _label(file.path, pool)
            file.path.unlink()
            marks = label.get("marks", [])
            points += sum(len(mark["points"]) for mark in marks)
            if points > MOST_POINTS:
                reading.add(Place("file"), "too_many_points")
                break
            _take(label, number, reading, masks)
    if rejections:
        reading.add(Place("file"), "not_zip")
    _take_masks(masks, reading)
    return reading


def _label(path: Path, pool: DecoderPool) -> dict[str, Any]:
    if path.stat().st_size > LARGEST_OBJECT:
        return {}
    try:
        return pool.read_label(path)
    except DicomRefused:
        return {}


def _take(label: dict[str, Any], number: int, reading: Reading, masks: Masks) -> None:
    is_mask = label.get("is_segmentation", False)
    place = Place("segmentation" if is_mask else "report", number)
    if not label:
        reading.add(place, "no_report")
    elif label.get("flaw"):
        reading.add(place, label["flaw"], value=label["frame"])
    elif is_mask:
        key = (label["study"], label["creator"])
        drawn = masks.setdefault(key, Drawn(place, label["reader"]))
        drawn.answers |= {label["answer"]} - {""}
        drawn.marks += [_mark(mark, place) for mark in label["marks"]]
    else:
        marks = tuple(_mark(mark, place) for mark in label["marks"])
        said = (label["reader"], label["answer"], label["comment"])
        reading.take(RawLabel(place, label["study"], *said, marks))


def _take_masks(masks: Masks, reading: Reading) -> None:
    for (study, _creator), drawn in masks.items():
        answers = drawn.answers or {mark.answer for mark in drawn.marks}
        if len(answers) > 1:
            reading.add(drawn.place, "several_answers", value=study)
            continue
        marks = tuple(drawn.marks)
        label = RawLabel(drawn.place, study, drawn.reader, answers.pop(), "", marks)
        reading.take(label)


def _mark(mark: dict[str, Any], place: Place) -> RawMark:
    return RawMark(
        place,
        mark["kind"],
        mark["answer"],
        mark["sop_instance_uid"],
        mark["frame"],
        tuple((x, y) for x, y in mark["points"]),
        mark.get("rows", 0),
        mark.get("columns", 0),
        tuple(mark.get("plane", ())),
    )
