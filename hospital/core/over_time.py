"""Numbers by day or week as plots: stacked bars, lines, and lines with their intervals."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hospital.core.plots import LOW_HEIGHT, Axis, Panel, Plot, Points, plotted

GAP = 0.25  # of a bar's place
SMALL = 10  # below it a tick tells one decimal
Value = TypeVar("Value")
Interval = tuple[float, float, float]  # a value, and what chance leaves it
Words = str | Promise


def stacked(
    columns: Sequence[Mapping[str, float]], days: Sequence[date], *, unit: Words = ""
) -> Plot | None:
    """Return a bar for each day, its series stacked in their order from below."""
    top = max((sum(column.values()) for column in columns), default=0)
    if not top:
        return None
    bars = []
    for number, column in enumerate(columns):
        below = 0.0
        for series, value in column.items():
            sides = (number + GAP / 2, number + 1 - GAP / 2)
            if value:
                bars.append((series, *sides, below, below + value))
            below += value
    return plotted(x=_time(days), y=_up_to(top, unit), bars=bars, height=LOW_HEIGHT)


def lined(
    columns: Sequence[Mapping[str, float | None]],
    days: Sequence[date],
    *,
    unit: Words = "",
) -> Plot | None:
    """Return a line for each series through the middles of the days' places."""
    top = max((value for c in columns for value in c.values() if value), default=0.0)
    if not top:
        return None
    lines: list[tuple[str, Points]] = []
    dots: dict[str, list[tuple[float, float]]] = {}
    for series, run in _runs(columns):
        points = [(number + 0.5, value) for number, value in run]
        if len(points) == 1:
            dots.setdefault(series, []).append(points[0])
        else:
            lines.append((series, points))
    return plotted(
        x=_time(days), y=_up_to(top, unit), lines=lines, dots=dots, height=LOW_HEIGHT
    )


def banded(
    columns: Sequence[Mapping[str, Interval | None]], days: Sequence[date]
) -> Plot | None:
    """Return shares as lines, with the band of each line's intervals behind it."""
    lines: list[tuple[str, Points]] = []
    bands: list[tuple[str, Points]] = []
    dots: dict[str, list[tuple[float, float]]] = {}
    for series, run in _runs(columns):
        middle = [(number + 0.5, value) for number, (value, _low, _high) in run]
        half = (
            GAP / 2 if len(run) == 1 else 0.0
        )  # a value alone has a band all the same
        low = [(n + 0.5 + side, each[1]) for n, each in run for side in _sides(half)]
        high = [(n + 0.5 + side, each[2]) for n, each in run for side in _sides(half)]
        bands.append((series, [*low, *high[::-1]]))
        if len(run) == 1:
            dots.setdefault(series, []).append(middle[0])
        else:
            lines.append((series, middle))
    if not bands:
        return None
    shares = Axis("", named=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")))
    return plotted(
        x=_time(days), y=shares, lines=lines, dots=dots, bands=bands, height=LOW_HEIGHT
    )


def over_time(
    title: Words,
    *,
    plot: Plot | None,
    days: Sequence[date],
    days_each: int,
    keys: Sequence[tuple[str, Words]],
    cells: Sequence[Sequence[str]],
    note: Words = "",
) -> Panel:
    """Return a plot over time with its table; where nothing was, words say so.

    Args:
        title: Of the panel.
        plot: None where there is nothing to draw.
        days: The first of each day, week or longer stretch.
        days_each: How many of them each stands for.
        keys: Series and what each is called.
        cells: What stands in the table for each of the days.
        note: How to read it.
    """
    if plot is None:
        return Panel(title=title, note=_("None in this time."), head=[], rows=[])
    first = {1: _("Day"), 7: _("Week from")}.get(days_each, _("First day"))
    return Panel(
        title=title,
        note=note,
        head=[first, *(words for _name, words in keys)],
        rows=[[_day(day), *listed] for day, listed in zip(days, cells, strict=True)],
        plot=plot,
        keys=keys,
    )


def _sides(half: float) -> tuple[float, ...]:
    return (-half, half) if half else (0.0,)


def _time(days: Sequence[date]) -> Axis:
    """Return the axis of days, named at both ends."""
    last = len(days) - 0.5
    named = ((0.5, _day(days[0])), (last, _day(days[-1])))
    return Axis("", 0.0, len(days), named=named if len(days) > 1 else named[:1])


def _up_to(top: float, unit: Words) -> Axis:
    return Axis(unit, 0.0, top, named=tuple((v, _rounded(v)) for v in (0.0, top)))


def _rounded(value: float) -> str:
    is_small = 0 < value < SMALL and value != round(value)
    return str(
        number_format(round(value, 1 if is_small else None), force_grouping=True)
    )


def _day(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def _runs(
    columns: Sequence[Mapping[str, Value | None]],
) -> list[tuple[str, list[tuple[int, Value]]]]:
    """Return each series' stretches without a gap, each value with its place."""
    found = []
    for series in columns[0] if columns else ():
        run: list[tuple[int, Value]] = []
        for number, column in enumerate([*columns, {series: None}]):
            value = column[series]
            if value is not None:
                run.append((number, value))
            elif run:
                found.append((series, run))
                run = []
    return found
