"""Boxes and polygons on an image, and how far two readers' regions coincide.

Coordinates are columns and rows in image pixels; (0, 0) is the outer corner of the first
pixel, (0.5, 0.5) its centre, as in DICOM PS3.3 C.18.6 and in COCO. A pixel belongs to a
region when its centre lies in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, isfinite
from typing import Literal

Point = tuple[float, float]
Spans = list[tuple[int, int]]  # first column, and the one after the last
Pixels = dict[int, Spans]  # by row; spans in order, apart from each other
SMALLEST_SIDE = 1.0
MOST_POINTS = 500


class RegionError(ValueError):
    """A region that is none: `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Region:
    """One mark: two opposite corners of a box, or a polygon's vertices in order."""

    kind: Literal["box", "polygon"]
    points: tuple[Point, ...]

    @property
    def outline(self) -> tuple[Point, ...]:
        """The vertices, a box's four corners clockwise from the first."""
        if self.kind == "polygon":
            return self.points
        left, top, right, bottom = self.bounds
        return ((left, top), (right, top), (right, bottom), (left, bottom))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        columns = [column for column, _ in self.points]
        rows = [row for _, row in self.points]
        return min(columns), min(rows), max(columns), max(rows)

    @property
    def area(self) -> float:
        """Square pixels, by the shoelace formula."""
        ring = (*self.outline, self.outline[0])
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2


def region(
    kind: str, points: Sequence[Sequence[float]], *, rows: int, columns: int
) -> Region:
    """Return a checked region of an image; a box from its upper left corner.

    Raises:
        RegionError: `kind`, `points`, `outside`, `too_small` or `too_many`.
    """
    if kind not in ("box", "polygon"):
        raise RegionError("kind")
    if len(points) > MOST_POINTS:
        raise RegionError("too_many")
    if len(points) != 2 if kind == "box" else len(points) < 3:
        raise RegionError("points")
    if not all(len(p) == 2 and isfinite(p[0]) and isfinite(p[1]) for p in points):
        raise RegionError("points")
    if not all(0 <= x <= columns and 0 <= y <= rows for x, y in points):
        raise RegionError("outside")
    rounded = tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)
    drawn = Region("box" if kind == "box" else "polygon", rounded)
    left, top, right, bottom = drawn.bounds
    if right - left < SMALLEST_SIDE or bottom - top < SMALLEST_SIDE or not drawn.area:
        raise RegionError("too_small")
    return drawn if kind == "polygon" else Region("box", ((left, top), (right, bottom)))


def pixels_of(regions: Iterable[Region]) -> Pixels:
    """Return the pixels that lie in any of the regions, as spans of each row."""
    found: Pixels = {}
    for each in regions:
        _, top, _, bottom = each.bounds
        for row in range(ceil(top - 0.5), ceil(bottom - 0.5)):
            found.setdefault(row, []).extend(_spans(each.outline, row + 0.5))
    joined = {row: _joined(spans) for row, spans in found.items()}
    return {row: spans for row, spans in joined.items() if spans}


def count(pixels: Pixels) -> int:
    return sum(stop - start for spans in pixels.values() for start, stop in spans)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two readers' regions of one frame coincide, both from 0 to 1."""

    iou: float
    dice: float


def overlap(ours: Iterable[Region], theirs: Iterable[Region]) -> Overlap | None:
    """Return intersection over union, and Dice; None where neither holds a pixel."""
    a, b = pixels_of(ours), pixels_of(theirs)
    common = sum(
        max(0, min(stop, other_stop) - max(start, other_start))
        for row in a.keys() & b.keys()
        for start, stop in a[row]
        for other_start, other_stop in b[row]
    )
    both = count(a) + count(b)
    if not both:
        return None
    return Overlap(iou=common / (both - common), dice=2 * common / both)


def _spans(outline: Sequence[Point], y: float) -> Spans:
    """Return the spans of a row whose pixel centres lie inside, by the even-odd rule."""
    crossings = sorted(
        x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise((*outline, outline[0]))
        if min(y0, y1) <= y < max(y0, y1)
    )
    pairs = zip(crossings[::2], crossings[1::2], strict=True)
    spans = [(ceil(start - 0.5), ceil(stop - 0.5)) for start, stop in pairs]
    return [(start, stop) for start, stop in spans if stop > start]


def _joined(spans: Spans) -> Spans:
    joined: Spans = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined
