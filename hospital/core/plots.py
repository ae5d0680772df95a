"""Numbers in a box with two named axes: bars, lines, dots and intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise

WIDTH, HEIGHT, LOW_HEIGHT = 360, 300, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 34
Words = str | Promise
Points = Sequence[tuple[float, float]]
Whisker = tuple[float, float, float]  # where it stands, and from where to where
Bar = tuple[str, float, float, float, float]  # series, its sides, its foot and head


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis is of, from where to where, and where its words stand.

    Attributes:
        named: Ticks with words of their own, in place of `ticks`.
    """

    words: Words
    low: float = 0.0
    high: float = 1.0
    ticks: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    places: int = 2
    named: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """Where everything lies in the box, and the words beside its axes.

    Attributes:
        lines: By series, the points of SVG polylines.
        dots: By series, middles of SVG circles.
        whiskers: By series, x, y and y of vertical lines.
        bars: By series, x, y, width and height of SVG rectangles.
        bands: By series, the points of SVG polygons: what chance leaves a line.
        x_ticks: Place, words and which end of them stands there; `y_ticks` without.
        floor: Where zero lies, for a box that begins below it; else the bottom.
    """

    lines: tuple[tuple[str, str], ...]
    dots: tuple[tuple[str, float, float], ...]
    whiskers: tuple[tuple[str, float, float, float], ...]
    bars: tuple[tuple[str, float, float, float, float], ...]
    bands: tuple[tuple[str, str], ...]
    x_ticks: tuple[tuple[float, str, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_words: Words
    y_words: Words
    floor: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP

    @property
    def bottom(self) -> int:
        return self.height - BOTTOM

    def shape(self, series: str) -> str:
        """Return what a series is drawn as: a line, a dot or a bar."""
        if any(name == series for name, _points in self.lines):
            return "line"
        if any(name == series for name, _x, _y in self.dots):
            return "dot"
        return "bar" if self.bars else "line"


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

    @property
    def legend(self) -> list[tuple[str, Words, str]]:
        """Return the keys, each with the shape that its series has in the plot."""
        if self.plot is None:
            return []
        return [(name, words, self.plot.shape(name)) for name, words in self.keys]


def plotted(
    *,
    x: Axis,
    y: Axis,
    lines: Iterable[tuple[str, Points]] = (),
    dots: Mapping[str, Points] | None = None,
    whiskers: Mapping[str, Sequence[Whisker]] | None = None,
    bars: Iterable[Bar] = (),
    bands: Iterable[tuple[str, Points]] = (),
    height: int = HEIGHT,
) -> Plot:
    """Return where everything lies; what lies beyond an axis is cut."""

    def across(value: float) -> float:
        return _place(value, x, LEFT, WIDTH - RIGHT)

    def up(value: float) -> float:
        return _place(value, y, height - BOTTOM, TOP)

    def traced(points: Points) -> str:
        return " ".join(f"{across(a)},{up(b)}" for a, b in points)

    return Plot(
        lines=tuple((name, traced(points)) for name, points in lines if points),
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
        bars=tuple(
            (
                name,
                across(left),
                up(head),
                round(across(right) - across(left), 2),
                round(up(foot) - up(head), 2),
            )
            for name, left, right, foot, head in bars
        ),
        bands=tuple((name, traced(points)) for name, points in bands),
        x_ticks=tuple(
            (across(tick), words, anchor)
            for (tick, words), anchor in zip(_ticks(x), _anchors(x), strict=True)
        ),
        y_ticks=tuple((up(tick), words) for tick, words in _ticks(y)),
        x_words=x.words,
        y_words=y.words,
        floor=up(0.0),
        height=height,
    )


def _place(value: float, axis: Axis, first: float, last: float) -> float:
    share = (value - axis.low) / (axis.high - axis.low)
    return round(first + min(max(share, 0.0), 1.0) * (last - first), 2)


def _ticks(axis: Axis) -> tuple[tuple[float, str], ...]:
    return axis.named or tuple((tick, _words(tick, axis)) for tick in axis.ticks)


def _anchors(axis: Axis) -> tuple[str, ...]:
    """Return for each tick which end of its words it is; long words stay in the box."""
    if len(axis.named) < 2:
        return ("middle",) * len(_ticks(axis))
    return ("start", *("middle",) * (len(axis.named) - 2), "end")


def _words(value: float, axis: Axis) -> str:
    return str(number_format(round(value, axis.places), axis.places))
