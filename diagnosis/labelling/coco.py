"""Boxes and polygons as COCO JSON, with the study's answers beside them.

An annotation is a box (`bbox`) or a polygon (`segmentation`, one ring). What COCO has no
word for stands in `attributes` of annotations, in further members of images, and in the
list `study_labels`; other tools ignore it.

References:
    https://cocodataset.org/#format-data
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any  # Any: JSON of somebody else's making

from diagnosis.labelling.records import (
    MOST_LABELS,
    LabelRecord,
    MarkRecord,
    Place,
    RawLabel,
    RawMark,
    Reading,
    is_number,
    points_in,
)

Frame = tuple[str, str, int]  # study, SOP instance, number
Said = tuple[str, str]  # study, reader


def written(labels: Sequence[LabelRecord], *, names: Sequence[str], title: str) -> str:
    """Return the labels as COCO JSON; `read` takes it back."""
    category = {name: number for number, name in enumerate(names, start=1)}
    images: dict[Frame, dict[str, Any]] = {}
    annotations: list[dict[str, Any]] = []
    for label in labels:
        for mark in label.marks:
            image = _image(images, label, mark)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image["id"],
                    "category_id": category[mark.answer],
                    **_shape(mark),
                    "iscrowd": 0,
                    "attributes": {
                        "kind": mark.region.kind,
                        "reader": label.reader,
                        "part": label.part,
                        "stands": label.stands,
                    },
                }
            )
    document = {
        "info": {"description": title, "version": "1.0", "contributor": "Anji"},
        "licenses": [],
        "categories": [{"id": n, "name": name} for name, n in category.items()],
        "images": list(images.values()),
        "annotations": annotations,
        "study_labels": [
            {
                "study_instance_uid": label.study_instance_uid,
                "reader": label.reader,
                "part": label.part,
                "category_id": category[label.answer],
                "comment": label.comment,
                "stands": label.stands,
                "created": label.created,
            }
            for label in labels
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _image(
    images: dict[Frame, dict[str, Any]], label: LabelRecord, mark: MarkRecord
) -> dict[str, Any]:
    frame = (label.study_instance_uid, mark.sop_instance_uid, mark.frame)
    return images.setdefault(
        frame,
        {
            "id": len(images) + 1,
            "file_name": f"{mark.sop_instance_uid}.dcm",
            "width": mark.columns,
            "height": mark.rows,
            "study_instance_uid": label.study_instance_uid,
            "sop_instance_uid": mark.sop_instance_uid,
            "frame": mark.frame,
        },
    )


def _shape(mark: MarkRecord) -> dict[str, Any]:
    left, top, right, bottom = mark.region.bounds
    ring = [[number for point in mark.region.points for number in point]]
    return {
        "bbox": [left, top, round(right - left, 2), round(bottom - top, 2)],
        "segmentation": ring if mark.region.kind == "polygon" else [],
        "area": round(mark.region.area, 2),
    }


def read(content: bytes) -> Reading:
    """Return the labels of a COCO file, and what is wrong with it, piece by piece.

    A study without a `study_labels` entry takes its answer from its annotations, where
    all of them name one category.
    """
    reading = Reading()
    document = _document(content, reading)
    if document is None:
        return reading
    names = _named(document["categories"])
    images = {
        one["id"]: one
        for one in document["images"]
        if isinstance(one, dict) and isinstance(one.get("id"), int)
    }
    marks: dict[Said, list[RawMark]] = defaultdict(list)
    for number, one in enumerate(document["annotations"], start=1):
        place = Place("annotation", number)
        said, mark = _annotation(one, place, images, names, reading) or (None, None)
        if said is not None and mark is not None:
            marks[said].append(mark)
    for number, one in enumerate(document["study_labels"], start=1):
        _study_label(one, Place("study label", number), names, marks, reading)
    for said, left in marks.items():
        _answer_of_marks(said, left, reading)
    return reading


def _document(content: bytes, reading: Reading) -> dict[str, list[Any]] | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        reading.add(Place("line", line) if line else Place("file"), "not_json")
        return None
    if not isinstance(document, dict):
        reading.add(Place("file"), "not_coco")
        return None
    parts = {}
    for name in ("categories", "images", "annotations", "study_labels"):
        part = document.get(name, [])
        if not isinstance(part, list):
            reading.add(Place("file"), "no_list", field=name)
            return None
        if len(part) > MOST_LABELS:
            reading.add(Place("file"), "too_many", value=MOST_LABELS)
            return None
        parts[name] = part
    if not parts["categories"]:
        reading.add(Place("file"), "not_coco")
        return None
    return parts


def _named(categories: Sequence[Any]) -> Mapping[int, str]:
    return {
        one["id"]: str(one.get("name", ""))
        for one in categories
        if isinstance(one, dict) and isinstance(one.get("id"), int)
    }


def _annotation(
    one: Any,
    place: Place,
    images: Mapping[int, dict[str, Any]],
    names: Mapping[int, str],
    reading: Reading,
) -> tuple[Said, RawMark] | None:
    if not isinstance(one, dict):
        reading.add(place, "not_coco")
        return None
    image = _known(images, one.get("image_id"))
    name = _known(names, one.get("category_id"))
    shape = _points(one)
    if image is None or name is None or shape is None:
        for field, found in (("image_id", image), ("category_id", name)):
            if found is None:
                reading.add(place, "unknown_id", field=field, value=one.get(field))
        if shape is None:
            reading.add(place, "mark_points", field="bbox")
        return None
    kind, points = shape
    frame = image.get("frame", 1)
    attributes = one.get("attributes")
    reader = attributes.get("reader", "") if isinstance(attributes, dict) else ""
    mark = RawMark(
        place,
        kind,
        name,
        str(image.get("sop_instance_uid", "")),
        int(frame) if is_number(frame) else 0,
        points,
    )
    return (str(image.get("study_instance_uid", "")), str(reader)), mark


def _points(
    one: Mapping[str, Any],
) -> tuple[str, tuple[tuple[float, float], ...]] | None:
    """Return a polygon of one ring, else the box; None for what is neither."""
    rings = one.get("segmentation")
    if isinstance(rings, list) and rings:
        ring = rings[0]
        if len(rings) > 1 or not isinstance(ring, list) or len(ring) % 2:
            return None
        found = points_in([ring[place : place + 2] for place in range(0, len(ring), 2)])
        return None if found is None else ("polygon", found)
    box = one.get("bbox")
    if not isinstance(box, list) or len(box) != 4 or not all(map(is_number, box)):
        return None
    left, top, width, height = map(float, box)
    corners = ((left, top), (round(left + width, 2), round(top + height, 2)))
    return "box", corners


def _study_label(
    one: Any,
    place: Place,
    names: Mapping[int, str],
    marks: dict[Said, list[RawMark]],
    reading: Reading,
) -> None:
    if not isinstance(one, dict):
        reading.add(place, "not_coco")
        return
    name = _known(names, one.get("category_id"))
    study = str(one.get("study_instance_uid", ""))
    if name is None:
        value = one.get("category_id")
        reading.add(place, "unknown_id", field="category_id", value=value)
        return
    if not study:
        reading.add(place, "empty", field="study_instance_uid")
        return
    reader = str(one.get("reader", ""))
    own = tuple(marks.pop((study, reader), ()))
    comment = str(one.get("comment", ""))
    reading.take(RawLabel(place, study, reader, name, comment, own))


def _answer_of_marks(said: Said, marks: Sequence[RawMark], reading: Reading) -> None:
    study, reader = said
    first = marks[0]
    if len({mark.answer for mark in marks}) > 1:
        reading.add(first.place, "no_answer", value=study)
        return
    label = RawLabel(first.place, study, reader, first.answer, "", tuple(marks))
    reading.take(label)


def _known(known: Mapping[int, Any], key: Any) -> Any:
    return known.get(key) if isinstance(key, int) else None
