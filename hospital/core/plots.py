"""Numbers against numbers: lines, dots and intervals in a box with two named axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise

WIDTH, HEIGHT = 360, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 34
Words = str | Promise
Points = Sequence[tuple[float, float]]
Whisker = tuple[float, float, float]  # where it stands, and from where to where


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis is of, from where to where, and where its words stand."""

    words: Words
    low: float = 0.0
    high: float = 1.0
    ticks: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    places: int = 2


@dataclass(frozen=True, slots=True)
class Plot:
    """Where everything lies in the box, and the words beside its axes.

    Attributes:
        lines: By series, the points of SVG polylines.
        dots: By series, middles of SVG circles.
        whiskers: By series, x, y and y of vertical lines.
        x_ticks: Place and words; `y_ticks` likewise.
        floor: Where zero lies, for a box that begins below it; else the bottom.
    """

    lines: tuple[tuple[str, str], ...]
    dots: tuple[tuple[str, float, float], ...]
    whiskers: tuple[tuple[str, float, float, float], ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_words: Words
    y_words: Words
    floor: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Panel:
    """A plot with its table, or a table alone.

    Attributes:
        keys: Series and what each is called.
        head: What stands over the columns.
        rows: The first cell names the row.
        note: How to read it.
        is_open: Whether the table stands open beside the plot, which needs its words.
    """

    title: Words
    head: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    note: Words = ""
    plot: Plot | None = None
    keys: Sequence[tuple[str, Words]] = ()
    is_open: bool = False


def plotted(
    *,
    x: Axis,
    y: Axis,
    lines: Mapping[str, Points] | None = None,
    dots: Mapping[str, Points] | None = None,
    whiskers: Mapping[str, Sequence[Whisker]] | None = None,
) -> Plot:
    """Return where lines, dots and whiskers lie; what lies beyond an axis is cut."""

    def across(value: float) -> float:
        return _place(value, x, LEFT, WIDTH - RIGHT)

    def up(value: float) -> float:
        return _place(value, y, HEIGHT - BOTTOM, TOP)

    return Plot(
        lines=tuple(
            (name, " ".join(f"{across(a)},{up(b)}" for a, b in points))
            for name, points in (lines or {}).items()
            if points
        ),
        dots=tuple(
            (name, across(a), up(b))
            for name, points in (dots or {}).items()
            for a, b in points
        ),
        whiskers=tuple(
            (name, across(a), up(low), up(high))
            for name, standing in (whiskers or {}).items()
            for a, low, high in standing
        ),
        x_ticks=tuple((across(tick), _words(tick, x)) for tick in x.ticks),
        y_ticks=tuple((up(tick), _words(tick, y)) for tick in y.ticks),
        x_words=x.words,
        y_words=y.words,
        floor=up(0.0),
    )


def _place(value: float, axis: Axis, first: float, last: float) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return round(first + min(max(share, 0.0), 1.0) * (last - first), 2)


def _words(value: float, axis: Axis) -> str:
    return str(number_format(round(value, axis.places), axis.places))
