"""A reader's label out of a structured report: the answer, whose it is, its regions.

Loads pydicom: decoder children only. Reads what `markreport` writes, and any report that
follows its templates with closed lines on images.

References:
    DICOM PS3.16 TID 1500 and TID 1410.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Any  # Any: a label is JSON

from pydicom.dataset import Dataset

Points = list[list[float]]
MEASUREMENTS, GROUP = "126010", "125007"
EVALUATIONS = "C0034375"
OBSERVER, COMMENT, FINDING = "121008", "121106", "121071"
CLOSED_LINES = ("POLYLINE", "POLYGON")


def label_of(report: Dataset) -> dict[str, Any]:
    """Return the label as JSON; empty where the object is no report of one."""
    said = [
        item
        for part in _named(report, EVALUATIONS)
        for item in part.get("ContentSequence", [])
    ]
    answers = [_meaning(item) for item in said if item.get("ValueType") == "CODE"]
    if not answers:
        return {}
    comments = [str(item.TextValue) for item in said if _name(item) == COMMENT]
    observers = [str(item.PersonName) for item in _named(report, OBSERVER)]
    return {
        "study": str(report.get("StudyInstanceUID", "")),
        "reader": observers[0] if observers else "",
        "answer": answers[0],
        "comment": comments[0] if comments else "",
        "marks": [
            mark
            for part in _named(report, MEASUREMENTS)
            for group in _named(part, GROUP)
            for mark in _marks(group)
        ],
    }


def _marks(group: Dataset) -> Iterator[dict[str, Any]]:
    """Yield each region of a group; one that is no closed line has no kind."""
    findings = [_meaning(item) for item in _named(group, FINDING)]
    for outline in group.get("ContentSequence", []):
        if outline.get("ValueType") != "SCOORD":
            continue
        shown = outline.ContentSequence[0].ReferencedSOPSequence[0]
        frames = shown.get("ReferencedFrameNumber", 1)
        kind, points = _shape(outline.GraphicType, outline.GraphicData)
        yield {
            "kind": kind,
            "answer": findings[0] if findings else "",
            "sop_instance_uid": str(shown.ReferencedSOPInstanceUID),
            "frame": int(frames if isinstance(frames, int | str) else frames[0]),
            "points": points,
        }


def _shape(drawn_as: str, numbers: list[float]) -> tuple[str, Points]:
    """Return a box's two corners, or a polygon's vertices, of a closed line."""
    points = [
        [round(float(x), 2), round(float(y), 2)]
        for x, y in zip(numbers[::2], numbers[1::2], strict=False)
    ]
    if drawn_as not in CLOSED_LINES or not all(map(isfinite, numbers)):
        return "", []
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    across, down = sorted({x for x, _ in points}), sorted({y for _, y in points})
    turns = zip(points, points[1:] + points[:1], strict=True)
    is_upright = all(
        (x == other_x) != (y == other_y) for (x, y), (other_x, other_y) in turns
    )
    if len(points) == 4 and len(across) == len(down) == 2 and is_upright:
        return "box", [[across[0], down[0]], [across[1], down[1]]]
    return "polygon", points


def _named(parent: Dataset, code: str) -> list[Dataset]:
    return [item for item in parent.get("ContentSequence", []) if _name(item) == code]


def _name(item: Dataset) -> str:
    names = item.get("ConceptNameCodeSequence", [])
    return str(names[0].CodeValue) if names else ""


def _meaning(item: Dataset) -> str:
    return str(item.ConceptCodeSequence[0].CodeMeaning)
