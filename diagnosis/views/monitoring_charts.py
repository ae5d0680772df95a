"""The plots of the monitoring page, each with the numbers it is drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.watching.estimates import Estimate
from diagnosis.watching.figures import Observation, Summary, summary
from hospital.core.over_time import banded, lined, over_time, stacked
from hospital.core.plots import Panel, Plot
from hospital.core.templatetags.ui import estimate

SERIES: Mapping[str, Promise] = {
    "found": gettext_lazy("Something found"),
    "absent": gettext_lazy("Nothing found"),
    "withheld": gettext_lazy("No answer"),
    "minutes_50": gettext_lazy("Half within"),
    "minutes_95": gettext_lazy("95 % within"),
    "agreement": gettext_lazy("Upheld by the signed report"),
    "expected": gettext_lazy("Mean probability"),
    "signed": gettext_lazy("Found in signed reports"),
    "drift": gettext_lazy("Distance from the readings before"),
    "abstention": gettext_lazy("No answer"),
}
Periods = Sequence[tuple[date, Sequence[Observation]]]
Pick = Callable[[Summary], Mapping[str, Estimate | None]]


@dataclass(frozen=True, slots=True)
class Stretches:
    """The first day of each stretch, and how many days each has."""

    days: Sequence[date]
    days_each: int


def panels(
    periods: Periods, before: Sequence[Observation], *, days_each: int
) -> list[Panel]:
    """Return the plots: one place for each stretch of days.

    Args:
        periods: First day and readings of each.
        before: Earlier readings, from which drift is measured.
        days_each: How many days a stretch has.
    """
    time = Stretches([start for start, _readings in periods], days_each)
    earlier, said = list(before), []
    for _start, readings in periods:
        said.append(summary(readings, earlier))
        earlier += readings
    return [
        _volume(time, said),
        _turnaround(time, said),
        _shares(
            _("Agreement with signed reports"),
            *(time, said, lambda each: {"agreement": each.agreement}),
        ),
        _shares(
            _("Calibration"),
            *(time, said, lambda e: {"expected": e.expected, "signed": e.signed}),
            note=_(
                "The two lines should lie together: what was said, what was signed."
            ),
        ),
        _shares(
            _("Drift of the images"),
            *(time, said, lambda each: {"drift": each.drift}),
            note=_(
                "0: as strange to the model as the images before; 1: all of them "
                "stranger, or all of them less so."
            ),
        ),
        _shares(
            _("Share without an answer"),
            *(time, said, lambda each: {"abstention": each.abstention}),
        ),
    ]


def _volume(time: Stretches, said: Sequence[Summary]) -> Panel:
    columns: list[dict[str, float]] = [
        {"found": each.found, "absent": each.absent, "withheld": each.withheld}
        for each in said
    ]
    return _panel(
        _("Readings"),
        stacked(columns, time.days),
        time,
        [{name: number_format(n, 0) for name, n in each.items()} for each in columns],
    )


def _turnaround(time: Stretches, said: Sequence[Summary]) -> Panel:
    columns = [
        {
            "minutes_50": each.minutes_50,
            "minutes_95": each.minutes_95.value if each.minutes_95 else None,
        }
        for each in said
    ]
    return _panel(
        _("Minutes from the asking to the answer"),
        lined(columns, time.days),
        time,
        [
            {
                name: "–" if n is None else number_format(round(n, 1))
                for name, n in each.items()
            }
            for each in columns
        ],
    )


def _shares(
    title: str,
    time: Stretches,
    said: Sequence[Summary],
    pick: Pick,
    note: str = "",
) -> Panel:
    columns = [pick(each) for each in said]
    plot = banded(
        [
            {
                name: (found.value, found.low, found.high) if found else None
                for name, found in each.items()
            }
            for each in columns
        ],
        time.days,
    )
    cells = [
        {name: estimate(found) for name, found in each.items()} for each in columns
    ]
    return _panel(title, plot, time, cells, note=note)


def _panel(
    title: str,
    plot: Plot | None,
    time: Stretches,
    cells: Sequence[Mapping[str, str]],
    *,
    note: str = "",
) -> Panel:
    names = list(cells[0])
    return over_time(
        title,
        plot=plot,
        days=time.days,
        days_each=time.days_each,
        keys=[(name, SERIES[name]) for name in names],
        cells=[[each[name] for name in names] for each in cells],
        note=note,
    )
