"""Numbers over time as the bars and lines of a chart, in a box of fixed size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 160
GAP = 0.25  # of a bar's place


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
        dots: By series, values that stand alone between gaps.
        top: The greatest value.
    """

    parts: tuple[Part, ...]
    lines: tuple[tuple[str, str], ...]
    dots: tuple[tuple[str, float, float], ...]
    top: float
    width: int = WIDTH
    height: int = HEIGHT


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
                lines.append((series, " ".join(f"{x},{y}" for x, y in points)))
    return Chart(parts=(), lines=tuple(lines), dots=tuple(dots), top=top)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Return the stretches without a gap, each value with its place."""
    runs: list[list[tuple[int, float]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((number, value))
    return [run for run in runs if run]


def _point(number: int, value: float, count: int, top: float) -> tuple[float, float]:
    height = value / top * HEIGHT if top else 0.0
    return round((number + 0.5) * WIDTH / count, 2), round(HEIGHT - height, 2)
