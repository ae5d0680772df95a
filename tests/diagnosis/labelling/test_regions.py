"""Regions on an image: their pixels, and how far two coincide."""

import pytest

from diagnosis.labelling.regions import (
    RegionError,
    count,
    overlap,
    pixels_of,
    region,
)

Points = list[tuple[float, float]]


def box(left: float, top: float, right: float, bottom: float) -> Points:
    return [(left, top), (right, bottom)]


def test_a_box_drawn_backwards_is_the_same_box() -> None:
    drawn = region("box", box(10, 8, 2, 3), rows=20, columns=20)

    assert drawn.points == ((2, 3), (10, 8))
    assert drawn.area == count(pixels_of([drawn])) == 40


def test_pixels_belong_to_a_region_that_holds_their_centres() -> None:
    triangle = region("polygon", [(0, 0), (4, 0), (0, 4)], rows=9, columns=9)

    # Centres on the slope itself lie outside.
    assert pixels_of([triangle]) == {0: [(0, 3)], 1: [(0, 2)], 2: [(0, 1)]}


def test_overlap_counts_shared_pixels_once() -> None:
    ours = [region("box", box(0, 0, 10, 10), rows=20, columns=20)] * 2
    theirs = [region("box", box(5, 0, 15, 10), rows=20, columns=20)]

    found = overlap(ours, theirs)

    assert found is not None
    assert (found.iou, found.dice) == (pytest.approx(1 / 3), 0.5)
    assert overlap([], []) is None


@pytest.mark.parametrize(
    ("kind", "points", "code"),
    [
        ("circle", box(0, 0, 2, 2), "kind"),
        ("box", [(0, 0)], "points"),
        ("polygon", box(0, 0, 2, 2), "points"),
        ("box", box(0, 0, float("nan"), 2), "points"),
        ("box", box(-1, 0, 2, 2), "outside"),
        ("box", box(0, 0, 2, 21), "outside"),
        ("box", box(3, 3, 3.5, 9), "too_small"),
        ("polygon", [(0, 0), (4, 4), (8, 8)], "too_small"),
        ("polygon", [(1, 1)] * 501, "too_many"),
    ],
)
def test_what_is_no_region_of_the_image_is_refused(
    kind: str, points: Points, code: str
) -> None:
    with pytest.raises(RegionError) as refused:
        region(kind, points, rows=20, columns=20)

    assert refused.value.code == code
