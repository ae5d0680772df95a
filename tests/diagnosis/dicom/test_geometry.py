"""Order, spacing, gaps and tilt, worked by hand."""

import math

import pytest

from diagnosis.dicom.geometry import GeometryError, Slice, normal, plane, stack

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def axial(*heights: float) -> list[Slice]:
    return [Slice((0.0, 0.0, z), AXIAL) for z in heights]


def test_slices_are_ordered_along_the_normal() -> None:
    result = stack(axial(10.0, 0.0, 5.0))

    assert result.order == (1, 2, 0)
    assert result.offsets_mm == (0.0, 5.0, 10.0)
    assert result.spacing_mm == 5.0
    assert result.is_regular
    assert (result.missing, result.duplicates) == (0, 0)


def test_a_gap_of_two_slices_is_counted() -> None:
    result = stack(axial(0.0, 5.0, 20.0, 25.0))

    assert result.missing == 2
    assert not result.is_regular


def test_two_slices_at_one_place_are_duplicates() -> None:
    result = stack(axial(0.0, 5.0, 5.0, 10.0))

    assert result.duplicates == 1
    assert result.missing == 0


@pytest.mark.parametrize(
    ("orientation", "name"),
    [(AXIAL, "axial"), (CORONAL, "coronal"), (SAGITTAL, "sagittal")],
)
def test_the_plane_follows_the_normal(
    orientation: tuple[float, float, float, float, float, float], name: str
) -> None:
    assert plane(orientation) == name


def test_gantry_tilt_is_the_angle_between_normal_and_table() -> None:
    tilt = math.radians(18.5)
    tilted = (1.0, 0.0, 0.0, 0.0, math.cos(tilt), math.sin(tilt))
    slices = [Slice((0.0, 0.0, 5.0 * i), tilted) for i in range(4)]

    result = stack(slices)

    assert result.tilt_degrees == pytest.approx(18.5)
    assert result.spacing_mm == pytest.approx(5.0 * math.cos(tilt))


def test_one_slice_has_no_spacing_and_no_tilt() -> None:
    result = stack(axial(3.0))

    assert (result.spacing_mm, result.tilt_degrees) == (0.0, 0.0)
    assert result.is_regular


def test_slices_that_are_not_parallel_make_no_stack() -> None:
    with pytest.raises(GeometryError, match="not parallel"):
        stack([Slice((0.0, 0.0, 0.0), AXIAL), Slice((0.0, 0.0, 5.0), CORONAL)])


def test_no_slices_make_no_stack() -> None:
    with pytest.raises(GeometryError, match="at least one"):
        stack([])


def test_parallel_directions_have_no_normal() -> None:
    with pytest.raises(GeometryError, match="no normal"):
        normal((1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
