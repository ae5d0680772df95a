"""Masks become outlines, and segmentations of whatever creator become marks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from diagnosis.dicom import maskreading
from diagnosis.dicom.maskreading import LABEL_MAP_STORAGE, label_of
from diagnosis.dicom.outlines import outlines_of
from diagnosis.dicom.reading import open_dicom
from diagnosis.labelling.regions import MOST_POINTS, Region, pixels_of
from tests.diagnosis.dicom.segmentations import IMAGE, STUDY, foreign_segmentation
from tests.diagnosis.dicom.synthetic import saved

Mask = NDArray[np.uint8]


def drawn(mask: Mask) -> Mask:
    """Return the mask that the outlines of a mask hold."""
    again = np.zeros_like(mask)
    regions = [Region("polygon", tuple(ring)) for ring in outlines_of(mask)]
    for row, spans in pixels_of(regions).items():
        for start, stop in spans:
            again[row, start:stop] = 1
    return again


def disc(side: int, radius: float) -> Mask:
    away = np.arange(side) + 0.5 - side / 2
    return (np.hypot(away, away[:, None]) <= radius).astype(np.uint8)


def test_outlines_hold_just_the_pixels_of_a_mask_without_holes() -> None:
    mask = disc(40, 12)
    mask[0:3, 0:2] = mask[3, 2] = mask[39, 39] = 1  # at corners of each other, and last
    mask[18:22, 20:] = 0  # a bay

    assert (drawn(mask) == mask).all()
    assert len(outlines_of(mask)) == 4


def test_holes_are_filled() -> None:
    mask = disc(20, 8)
    holed = mask.copy()
    holed[9:12, 9:12] = 0

    assert (drawn(holed) == mask).all()


def test_an_outline_of_too_many_points_gives_way_by_a_pixel_at_most() -> None:
    mask = disc(700, 320)

    (ring,) = outlines_of(mask)

    away = np.arange(700) + 0.5 - 350
    from_edge = np.abs(np.hypot(away, away[:, None]) - 320)
    assert 3 < len(ring) <= MOST_POINTS
    assert from_edge[drawn(mask) != mask].max() < 2


def read(dataset: Dataset, folder: Path) -> dict[str, Any]:
    with open_dicom(saved(dataset, folder / "seg.dcm")) as opened:
        return label_of(opened)


def two_masks() -> Mask:
    """Two frames of 35 bits: the second begins within a byte."""
    masks = np.zeros((2, 5, 7), np.uint8)
    masks[0, 1:3, 2:6] = 1
    masks[1, 0, 0] = masks[1, 1:4, 5] = masks[1, 3, 6] = 1
    return masks


def test_another_creators_segmentation_gives_marks_on_its_source_images(
    tmp_path: Path,
) -> None:
    made = foreign_segmentation(two_masks(), segments=[1, 2], images=[IMAGE, "1.2.3"])
    source = made.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    source.SourceImageSequence[0].ReferencedFrameNumber = 4

    label = read(made, tmp_path)

    assert (label["study"], label["creator"]) == (STUDY, "Doe^John")
    assert (label["reader"], label["answer"]) == ("", "")
    box, pixel, polygon = label["marks"]
    assert box == {
        "kind": "box",
        "points": [[2, 1], [6, 3]],
        "answer": "COVID",
        "sop_instance_uid": IMAGE,
        "frame": 1,
        "rows": 5,
        "columns": 7,
        "plane": [],
    }
    assert (pixel["points"], polygon["kind"]) == ([[0, 0], [1, 1]], "polygon")
    assert sorted(polygon["points"]) == [[5, 1], [5, 4], [6, 1], [6, 3], [7, 3], [7, 4]]
    assert (polygon["sop_instance_uid"], polygon["frame"]) == ("1.2.3", 4)


def test_a_file_about_one_image_need_not_say_so_frame_by_frame(tmp_path: Path) -> None:
    made = foreign_segmentation(two_masks(), segments=[1, 1])
    for groups in made.PerFrameFunctionalGroupsSequence:
        del groups.DerivationImageSequence
    image = Dataset()
    image.ReferencedSOPInstanceUID = IMAGE
    made.ReferencedImageSequence = [image]

    label = read(made, tmp_path)

    assert {mark["sop_instance_uid"] for mark in label["marks"]} == {IMAGE}


def no_frames(made: Dataset) -> None:
    made.PixelData = bytes(10)


def no_groups(made: Dataset) -> None:
    del made.PerFrameFunctionalGroupsSequence


def eight_bits(made: Dataset) -> None:
    made.BitsAllocated = made.BitsStored = 8
    made.PixelData = bytes(70)


def fractional(made: Dataset) -> None:
    made.SegmentationType = "FRACTIONAL"


def label_map(made: Dataset) -> None:
    made.SOPClassUID = LABEL_MAP_STORAGE
    made.SegmentationType = "LABELMAP"


def more_frames_than_told(made: Dataset) -> None:
    made.PerFrameFunctionalGroupsSequence = made.PerFrameFunctionalGroupsSequence[:1]


def endless_frames(made: Dataset) -> None:
    made.NumberOfFrames = 99_999


def no_such_segment(made: Dataset) -> None:
    made.SegmentSequence = made.SegmentSequence[:1]


def two_sources(made: Dataset) -> None:
    derivation = made.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    other = Dataset()
    other.ReferencedSOPInstanceUID = "1.2.3"
    derivation.SourceImageSequence.append(other)


def resampled(made: Dataset) -> None:
    derivation = made.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    derivation.SourceImageSequence[0].SpatialLocationsPreserved = "NO"


@pytest.mark.parametrize(
    ("spoil", "flaw", "frame"),
    [
        (no_frames, "no_frames", 0),
        (no_groups, "no_frames", 0),
        (eight_bits, "not_binary", 0),
        (fractional, "not_binary", 0),
        (label_map, "not_binary", 0),
        (more_frames_than_told, "frame_count", 0),
        (endless_frames, "mask_too_large", 0),
        (no_such_segment, "no_segment", 2),
        (two_sources, "no_source", 2),
        (resampled, "no_source", 2),
    ],
)
def test_what_gives_no_marks_says_why(
    spoil: Callable[[Dataset], None], flaw: str, frame: int, tmp_path: Path
) -> None:
    made = foreign_segmentation(two_masks(), segments=[1, 2])
    spoil(made)

    label = read(made, tmp_path)

    assert (label["flaw"], label["frame"], label["marks"]) == (flaw, frame, [])


def test_noise_is_not_traced_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maskreading, "MAX_MASK_EDGES", 20)
    made = foreign_segmentation(two_masks(), segments=[1, 2])

    assert read(made, tmp_path)["flaw"] == "mask_too_large"
