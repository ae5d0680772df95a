"""Where the slices of a series lie: order, spacing, tilt, gaps. Standard library only.

Patient coordinates are millimetres, x to the left, y to the back, z to the head
(DICOM PS3.3 C.7.6.2.1.1).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Vector = tuple[float, float, float]
Orientation = tuple[float, float, float, float, float, float]

# A slice counts as missing when a gap exceeds the usual one by half.
MISSING_RATIO = 1.5
SPACING_TOLERANCE_MM = 0.05
SAME_PLACE_MM = 0.01
PARALLEL_TOLERANCE = 1e-3
PLANES = ("sagittal", "coronal", "axial")


class GeometryError(ValueError):
    """Slices that do not make a stack."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One image's place in the patient."""

    position_mm: Vector
    orientation: Orientation


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices in order, and what their places say.

    Attributes:
        order: Indices of the given slices, along the normal.
        offsets_mm: Distance along the normal, in that order.
        spacing_mm: Median distance of neighbours along the normal; 0 for one slice.
        is_regular: Whether every distance is the median within 0.05 mm.
        missing: Number of slices that seem to be missing in gaps.
        duplicates: Number of slices at the place of another.
        plane: axial, coronal or sagittal, by the largest part of the normal.
        tilt_degrees: Angle between the normal and the line of the positions: the
            gantry's tilt, positive or zero.
    """

    order: tuple[int, ...]
    offsets_mm: tuple[float, ...]
    spacing_mm: float
    is_regular: bool
    missing: int
    duplicates: int
    plane: str
    tilt_degrees: float


def normal(orientation: Orientation) -> Vector:
    """Return the unit normal: row direction x column direction.

    References:
        DICOM PS3.3 C.7.6.2.1.1.
    """
    rx, ry, rz, cx, cy, cz = orientation
    vector = (ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx)
    length = math.hypot(*vector)
    if not math.isfinite(length) or length < PARALLEL_TOLERANCE:
        message = f"orientation {orientation} has no normal"
        raise GeometryError(message)
    return (vector[0] / length, vector[1] / length, vector[2] / length)


def offset_mm(position: Vector, orientation: Orientation) -> float:
    """Return how far along the normal a slice lies."""
    return dot(position, normal(orientation))


def plane(orientation: Orientation) -> str:
    """Return the anatomical plane nearest to the slice."""
    parts = [abs(part) for part in normal(orientation)]
    return PLANES[parts.index(max(parts))]


def stack(slices: Sequence[Slice]) -> Stack:
    """Return the slices' order and spacing along their common normal.

    Raises:
        GeometryError: There are none, or they are not parallel.
    """
    if not slices:
        message = "a stack needs at least one slice"
        raise GeometryError(message)
    common = normal(slices[0].orientation)
    for one in slices:
        if 1 - dot(common, normal(one.orientation)) > PARALLEL_TOLERANCE:
            message = "the slices are not parallel"
            raise GeometryError(message)
    placed = sorted((dot(one.position_mm, common), i) for i, one in enumerate(slices))
    offsets = tuple(offset for offset, _ in placed)
    order = tuple(index for _, index in placed)
    gaps = [after - before for before, after in pairwise(offsets)]
    apart = [gap for gap in gaps if gap > SAME_PLACE_MM]
    usual = sorted(apart)[len(apart) // 2] if apart else 0.0
    return Stack(
        order=order,
        offsets_mm=offsets,
        spacing_mm=usual,
        is_regular=all(abs(gap - usual) <= SPACING_TOLERANCE_MM for gap in gaps),
        missing=sum(
            round(gap / usual) - 1 for gap in apart if gap > usual * MISSING_RATIO
        ),
        duplicates=len(gaps) - len(apart),
        plane=plane(slices[0].orientation),
        tilt_degrees=_tilt(slices[order[0]], slices[order[-1]], common),
    )


def _tilt(first: Slice, last: Slice, common: Vector) -> float:
    dx, dy, dz = (
        b - a for a, b in zip(first.position_mm, last.position_mm, strict=True)
    )
    length = math.hypot(dx, dy, dz)
    if length <= SAME_PLACE_MM:
        return 0.0
    cosine = abs(dot((dx, dy, dz), common)) / length
    return math.degrees(math.acos(min(cosine, 1.0)))


def dot(a: Vector, b: Vector) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
