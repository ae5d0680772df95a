"""Labels as CSV: one line a label, its marks as JSON in their own column."""

import csv
import io
import json
from collections.abc import Iterable

from diagnosis.labelling.records import (
    MOST_LABELS,
    LabelRecord,
    Place,
    RawLabel,
    RawMark,
    Reading,
    is_number,
    points_in,
)

COLUMNS = (
    "study_instance_uid",
    "reader",
    "label_name",
    "comment",
    "marks",
    "part",
    "stands",
    "created",
)
NEEDED = ("study_instance_uid", "label_name")
# A spreadsheet would reckon it; our own mark is marked, too, so that it comes back.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def written(labels: Iterable[LabelRecord]) -> str:
    """Return the labels as CSV with a header; `read` takes it back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for label in labels:
        writer.writerow(
            [
                label.study_instance_uid,
                as_text(label.reader),
                as_text(label.answer),
                as_text(label.comment),
                _marks_written(label),
                label.part,
                "yes" if label.stands else "no",
                label.created,
            ]
        )
    return out.getvalue()


def read(content: bytes) -> Reading:
    """Return the labels of a CSV file, and what is wrong with it by line."""
    reading = Reading()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reading.add(Place("file"), "not_utf8")
        return reading
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for name in NEEDED:
            if name not in (reader.fieldnames or ()):
                reading.add(Place("file"), "no_column", field=name)
        if reading.flaws:
            return reading
        for row in reader:
            _read_row(row, Place("line", reader.line_num), reading)
            if len(reading.labels) > MOST_LABELS:
                reading.add(Place("file"), "too_many", value=MOST_LABELS)
                return reading
    except csv.Error as error:
        reading.add(Place("line", reader.line_num + 1), "not_csv", value=error)
    return reading


def as_text(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _from_text(value: str) -> str:
    return value[1:] if value[:1] == "'" and value[1:].startswith(FORMULA) else value


def _marks_written(label: LabelRecord) -> str:
    if not label.marks:
        return ""
    marks = [
        {
            "kind": mark.region.kind,
            "label_name": mark.answer,
            "sop_instance_uid": mark.sop_instance_uid,
            "frame": mark.frame,
            "points": [list(point) for point in mark.region.points],
        }
        for mark in label.marks
    ]
    return json.dumps(marks, ensure_ascii=False, separators=(",", ":"))


def _read_row(row: dict[str, str], place: Place, reading: Reading) -> None:
    values = {
        name: _from_text((row.get(name) or "").strip())
        for name in ("study_instance_uid", "reader", "label_name", "comment", "marks")
    }
    missing = [name for name in NEEDED if not values[name]]
    for name in missing:
        reading.add(place, "empty", field=name)
    marks = _read_marks(values["marks"], place, reading)
    if missing or marks is None:
        return
    reading.take(
        RawLabel(
            place,
            values["study_instance_uid"],
            values["reader"],
            values["label_name"],
            values["comment"],
            marks,
        )
    )


def _read_marks(
    text: str, place: Place, reading: Reading
) -> tuple[RawMark, ...] | None:
    if not text:
        return ()
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        reading.add(place, "marks_not_json", field="marks")
        return None
    marks = []
    for one in listed:
        known = one if isinstance(one, dict) else {}
        points, frame = points_in(known.get("points")), known.get("frame", 1)
        if points is None or not is_number(frame):
            reading.add(place, "mark_points", field="marks")
            return None
        marks.append(
            RawMark(
                place,
                str(one.get("kind", "")),
                str(one.get("label_name", "")),
                str(one.get("sop_instance_uid", "")),
                int(frame),
                points,
            )
        )
    return tuple(marks)
