"""A label as it travels in files, and what may be wrong with one that came in."""

from dataclasses import dataclass, field
from typing import Any, Literal  # Any: JSON of somebody else's making

from diagnosis.labelling.regions import Region

MOST_LABELS = 50_000
MOST_FLAWS = 200


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """A region of one frame, with the label it shows and the frame's size."""

    region: Region
    answer: str
    sop_instance_uid: str
    frame: int
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """What one person said of a study.

    Attributes:
        reader: User name of who said it.
        part: `reader` or `adjudicator`.
        stands: It is the study's answer, as far as the project has one.
        created: When, in ISO 8601.
    """

    study_instance_uid: str
    reader: str
    answer: str
    part: str = "reader"
    comment: str = ""
    stands: bool = False
    created: str = ""
    marks: tuple[MarkRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands, as people count: from 1."""

    kind: Literal[
        "file",
        "line",
        "image",
        "annotation",
        "study label",
        "report",
        "segmentation",
    ]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and where; `code` has its sentence elsewhere."""

    place: Place
    code: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class RawMark:
    """A mark as a file says it, not checked against any image.

    Attributes:
        rows: Of the image that it was drawn on, 0 where the file does not say.
        columns: Likewise.
        plane: Image Orientation and Image Position (Patient) that it was drawn in.
    """

    place: Place
    kind: str
    answer: str
    sop_instance_uid: str
    frame: int
    points: tuple[tuple[float, float], ...]
    rows: int = 0
    columns: int = 0
    plane: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RawLabel:
    """A label as a file says it: its study, reader and answer may be unknown here."""

    place: Place
    study_instance_uid: str
    reader: str
    answer: str
    comment: str = ""
    marks: tuple[RawMark, ...] = ()


@dataclass(slots=True)
class Reading:
    """What was read of a file."""

    labels: list[RawLabel] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    def add(self, place: Place, code: str, *, field: str = "", value: Any = "") -> None:
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(Flaw(place, code, field, _shown(str(value)[:100])))

    def take(self, label: RawLabel) -> None:
        """Keep a label, unless a text of it holds what no row can hold."""
        texts = {
            "study_instance_uid": label.study_instance_uid,
            "reader": label.reader,
            "label_name": label.answer,
            "comment": label.comment,
            "marks": "".join(
                mark.kind + mark.answer + mark.sop_instance_uid for mark in label.marks
            ),
        }
        unfit = [name for name, text in texts.items() if not is_text(text)]
        for name in unfit:
            self.add(label.place, "not_text", field=name)
        if not unfit:
            self.labels.append(label)


def is_text(value: str) -> bool:
    """Whether a row can hold it: there is no NUL and no half of a character in it."""
    return "\0" not in value and value == value.encode("utf-8", "replace").decode()


def points_in(value: Any) -> tuple[tuple[float, float], ...] | None:
    """Return pairs of numbers, or None where the value is something else."""
    if not isinstance(value, list):
        return None
    pairs = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        if not all(is_number(one) for one in pair):
            return None
        pairs.append((float(pair[0]), float(pair[1])))
    return tuple(pairs)


def is_number(value: Any) -> bool:
    """Whether JSON gave a number that a float holds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9  # false for NaN, too


def _shown(value: str) -> str:
    return "".join(
        one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in value
    )
