"""Numbers over time as the bars and lines of a chart, in a box of fixed size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.functional import Promise

WIDTH, HEIGHT = 600, 160
GAP = 0.25  # of a bar's place

Value = TypeVar("Value")
Place = tuple[float, float]
Interval = tuple[float, float, float]  # a value, and what chance leaves it


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: which series it is of, and where it lies."""

    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars or lines, and what the top of the box means.

    Attributes:
        parts: Pieces of stacked bars.
        lines: By series, the points of SVG polylines; a gap begins another one.
        bands: By series, the points of SVG polygons: what chance leaves the line.
        dots: By series, values that stand alone between gaps.
        top: The greatest value.
    """

    parts: tuple[Part, ...]
    lines: tuple[tuple[str, str], ...]
    dots: tuple[tuple[str, float, float], ...]
    top: float
    bands: tuple[tuple[str, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart with its table: a title, its series, and a row for each period.

    Attributes:
        top: What the top of the box means, in words.
        rows: The first day of each period, and what stands in its cells.
        note: How to read it, where that is not plain.
    """

    title: str | Promise
    top: str
    series: Sequence[tuple[str, str | Promise]]
    chart: Chart
    rows: Sequence[tuple[date, Sequence[str]]]
    note: str | Promise = ""

    @property
    def is_empty(self) -> bool:
        chart = self.chart
        return not (chart.top and (chart.parts or chart.lines or chart.dots))


def stacked(columns: Sequence[Mapping[str, float]]) -> Chart:
    """Return a bar for each column, its series stacked in their order from below."""
    top = max((sum(column.values()) for column in columns), default=0)
    place = WIDTH / max(len(columns), 1)
    parts = []
    for number, column in enumerate(columns):
        below = 0.0
        for series, value in column.items():
            height = value / top * HEIGHT if top else 0.0
            if height:
                x, y = (number + GAP / 2) * place, HEIGHT - below - height
                width = place * (1 - GAP)
                parts.append(
                    Part(
                        series,
                        round(x, 2),
                        round(y, 2),
                        round(width, 2),
                        round(height, 2),
                    )
                )
            below += height
    return Chart(parts=tuple(parts), lines=(), dots=(), top=top)


def lined(columns: Sequence[Mapping[str, float | None]]) -> Chart:
    """Return a line for each series through the middles of the columns' places."""
    values = [value for column in columns for value in column.values() if value]
    top = max(values, default=0.0)
    lines, dots = [], []
    for series in columns[0] if columns else ():
        for run in _runs([column[series] for column in columns]):
            points = [_point(number, value, len(columns), top) for number, value in run]
            if len(points) == 1:
                dots.append((series, *points[0]))
            else:
                lines.append((series, _points(points)))
    return Chart(parts=(), lines=tuple(lines), dots=tuple(dots), top=top)


def banded(columns: Sequence[Mapping[str, Interval | None]], *, top: float) -> Chart:
    """Return a line for each series with the band of its intervals behind it.

    Args:
        columns: By series, a value with the lower and the upper end of its interval.
        top: Of the box; what lies beyond is cut.
    """
    lines, dots, bands = [], [], []
    for series in columns[0] if columns else ():
        for run in _runs([column[series] for column in columns]):
            middle, low, high = (
                [
                    _point(number, min(max(each[end], 0.0), top), len(columns), top)
                    for number, each in run
                ]
                for end in range(3)
            )
            around = _alone(low, high, len(columns)) or [*low, *high[::-1]]
            bands.append((series, _points(around)))
            if len(run) == 1:
                dots.append((series, *middle[0]))
            else:
                lines.append((series, _points(middle)))
    return Chart(
        parts=(), lines=tuple(lines), dots=tuple(dots), top=top, bands=tuple(bands)
    )


def _alone(low: Sequence[Place], high: Sequence[Place], count: int) -> list[Place]:
    """Return the band of a value that stands alone; nothing for a line."""
    if len(low) > 1:
        return []
    half = round(WIDTH / count * GAP / 2, 2)
    (x, bottom), (_x, top) = low[0], high[0]
    return [(x - half, bottom), (x + half, bottom), (x + half, top), (x - half, top)]


def _points(places: Sequence[Place]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _runs(values: Sequence[Value | None]) -> list[list[tuple[int, Value]]]:
    """Return the stretches without a gap, each value with its place."""
    runs: list[list[tuple[int, Value]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((number, value))
    return [run for run in runs if run]


def _point(number: int, value: float, count: int, top: float) -> tuple[float, float]:
    height = value / top * HEIGHT if top else 0.0
    return round((number + 0.5) * WIDTH / count, 2), round(HEIGHT - height, 2)
