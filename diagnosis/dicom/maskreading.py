"""A reader's marks out of a binary segmentation: an outline for each part of a mask.

Loads pydicom and numpy: decoder children only. Reads what `marksegmentation` writes, and
any binary segmentation drawn pixel by pixel on images.

References:
    DICOM PS3.3 A.51, C.8.20.2, C.7.6.16.2.6.
"""

from collections.abc import Iterator
from typing import Any  # Any: a label is JSON

from pydicom.dataset import Dataset
from pydicom.uid import SegmentationStorage

from diagnosis.dicom.limits import (
    MAX_MASK_EDGES,
    MAX_MASK_FRAMES,
    MAX_MASK_PARTS,
    MAX_MASK_SAMPLES,
    MAX_SEGMENTS,
)
from diagnosis.dicom.outlines import Ring, edges_of, outlines_of
from diagnosis.dicom.pixels import PixelShape, decode_frame, shape_of
from diagnosis.dicom.reading import OpenedFile
from diagnosis.dicom.values import Values

LABEL_MAP_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7"  # newer than pydicom's names
OURS = "Anji"
IS_ELSEWHERE = ("NO", "REORIENTED_ONLY")  # (0028,135A) against the source's pixels
LONGEST_TEXT = 64


class NotReadableError(ValueError):
    """A segmentation that gives no marks: `code` says why, `frame` where, from 1."""

    def __init__(self, code: str, frame: int = 0) -> None:
        self.code = code
        self.frame = frame
        super().__init__(code)


def is_segmentation(dataset: Dataset) -> bool:
    return dataset.get("SOPClassUID") in (SegmentationStorage, LABEL_MAP_STORAGE)


def label_of(opened: OpenedFile) -> dict[str, Any]:
    """Return the marks as JSON, or why there are none as `flaw`.

    Reader and answer are given where the file was written here alone: another
    creator's name, told as `creator`, is no user name of this house.
    """
    dataset = opened.dataset
    values = Values(dataset)
    creator = values.text("ContentCreatorName", limit=LONGEST_TEXT)
    is_ours = values.text("Manufacturer", limit=LONGEST_TEXT) == OURS
    label: dict[str, Any] = {
        "is_segmentation": True,
        "study": values.text("StudyInstanceUID", limit=LONGEST_TEXT),
        "creator": creator,
        "reader": creator if is_ours else "",
        "answer": values.text("ImageComments", limit=LONGEST_TEXT) if is_ours else "",
        "marks": [],
    }
    try:
        label["marks"] = list(_marks(opened))
    except NotReadableError as error:
        return {**label, "flaw": error.code, "frame": error.frame}
    return label if label["marks"] else {**label, "flaw": "no_frames", "frame": 0}


def _marks(opened: OpenedFile) -> Iterator[dict[str, Any]]:
    dataset = opened.dataset
    shape = _checked_shape(opened)
    names = _names(dataset)
    shared = _first(dataset, "SharedFunctionalGroupsSequence") or Dataset()
    groups = list(dataset.get("PerFrameFunctionalGroupsSequence") or [])
    if not groups:
        raise NotReadableError("no_frames")
    if len(groups) != shape.frames:
        raise NotReadableError("frame_count")
    edges = parts = 0
    for number, own in enumerate(groups, start=1):
        mask = decode_frame(opened, number).stored
        if not mask.any():
            continue
        edges += edges_of(mask)
        if edges > MAX_MASK_EDGES:
            raise NotReadableError("mask_too_large")
        name = names.get(_segment_number(own, shared))
        if name is None:
            raise NotReadableError("no_segment", number)
        source = _source(dataset, own, shared)
        if source is None:
            raise NotReadableError("no_source", number)
        uid, frame = source
        plane = _plane(own, shared)
        rings = outlines_of(mask)
        parts += len(rings)
        if parts > MAX_MASK_PARTS:
            raise NotReadableError("mask_too_large")
        for ring in rings:
            yield {
                **_shape(ring),
                "answer": name,
                "sop_instance_uid": uid,
                "frame": frame,
                "rows": shape.rows,
                "columns": shape.columns,
                "plane": plane,
            }


def _checked_shape(opened: OpenedFile) -> PixelShape:
    """Return how large the masks are, refusing what is none or takes too long."""
    dataset = opened.dataset
    if opened.pixels is None:
        raise NotReadableError("no_frames")
    if dataset.get("SegmentationType") != "BINARY" or dataset.get("BitsAllocated") != 1:
        raise NotReadableError("not_binary")
    shape = shape_of(opened)
    if shape.samples != 1:
        raise NotReadableError("not_binary")
    if (
        shape.frames > MAX_MASK_FRAMES
        or shape.frames * shape.frame_samples > MAX_MASK_SAMPLES
        or len(dataset.get("SegmentSequence") or []) > MAX_SEGMENTS
    ):
        raise NotReadableError("mask_too_large")
    return shape


def _names(dataset: Dataset) -> dict[int, str]:
    """Return what each segment is called, by its number."""
    return {
        number: values.text("SegmentLabel", limit=LONGEST_TEXT)
        for values in map(Values, dataset.get("SegmentSequence") or [])
        if (number := values.integer("SegmentNumber", low=1, high=65_535))
    }


def _segment_number(own: Dataset, shared: Dataset) -> int:
    for group in (own, shared):
        item = _first(group, "SegmentIdentificationSequence")
        if item is not None:
            number = Values(item).integer("ReferencedSegmentNumber", low=1, high=65_535)
            return number or 0
    return 0


def _plane(own: Dataset, shared: Dataset) -> list[float]:
    """Return a frame's orientation and position, nine numbers; none where unsaid."""
    found: list[float] = []
    for keyword, value, count in (
        ("PlaneOrientationSequence", "ImageOrientationPatient", 6),
        ("PlanePositionSequence", "ImagePositionPatient", 3),
    ):
        item = _first(own, keyword) or _first(shared, keyword) or Dataset()
        numbers = Values(item).numbers(value, count)
        if numbers is None:
            return []
        found += numbers
    return found


def _source(dataset: Dataset, own: Dataset, shared: Dataset) -> tuple[str, int] | None:
    """Return the one image that a frame was drawn on, and its frame.

    The frame says so itself, else all frames share it, else the file is about one.
    """
    for group in (own, shared):
        derivations = group.get("DerivationImageSequence") or []
        found = [
            one for each in derivations for one in each.get("SourceImageSequence", [])
        ]
        found += group.get("ReferencedImageSequence") or []
        if found:
            return _only(found)
    found = [*(dataset.get("ReferencedImageSequence") or [])]
    found = found or [
        one
        for series in dataset.get("ReferencedSeriesSequence") or []
        for one in series.get("ReferencedInstanceSequence") or []
    ]
    return _only(found)


def _only(references: list[Dataset]) -> tuple[str, int] | None:
    """Return the image and frame that all references name, if they name one."""
    places = set()
    for one in references:
        if one.get("SpatialLocationsPreserved") in IS_ELSEWHERE:
            return None
        uid = Values(one).text("ReferencedSOPInstanceUID", limit=LONGEST_TEXT)
        frames = one.get("ReferencedFrameNumber") or 1
        numbers = [frames] if isinstance(frames, int | str) else list(frames)
        places |= {(uid, int(number)) for number in numbers}
    return places.pop() if len(places) == 1 else None


def _shape(ring: Ring) -> dict[str, Any]:
    """Return a box where the outline is one, else a polygon."""
    columns, rows = zip(*ring, strict=True)
    if len(ring) == 4:
        corners = [[min(columns), min(rows)], [max(columns), max(rows)]]
        return {"kind": "box", "points": corners}
    return {"kind": "polygon", "points": [list(point) for point in ring]}


def _first(dataset: Dataset, keyword: str) -> Dataset | None:
    return Values(dataset).item(keyword)
