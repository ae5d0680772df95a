"""The charts of the monitoring page, each with the numbers it is drawn from."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.watching.estimates import Estimate
from diagnosis.watching.figures import Observation, Summary, summary
from hospital.core.charts import Chart, Figure, banded, lined, stacked
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


def figures(periods: Periods, before: Sequence[Observation]) -> list[Figure]:
    """Return the charts: one place for each stretch of days.

    Args:
        periods: First day and readings of each.
        before: Earlier readings, from which drift is measured.
    """
    days = [start for start, _readings in periods]
    earlier, said = list(before), []
    for _start, readings in periods:
        said.append(summary(readings, earlier))
        earlier += readings
    return [
        _volume(days, said),
        _turnaround(days, said),
        _shares(
            _("Agreement with signed reports"),
            *(days, said, lambda each: {"agreement": each.agreement}),
        ),
        _shares(
            _("Calibration"),
            *(days, said, lambda e: {"expected": e.expected, "signed": e.signed}),
            note=_(
                "The two lines should lie together: what was said, what was signed."
            ),
        ),
        _shares(
            _("Drift of the images"),
            *(days, said, lambda each: {"drift": each.drift}),
            note=_(
                "0: as strange to the model as the images before; 1: all of them "
                "stranger, or all of them less so."
            ),
        ),
        _shares(
            _("Share without an answer"),
            *(days, said, lambda each: {"abstention": each.abstention}),
        ),
    ]


def _volume(days: Sequence[date], said: Sequence[Summary]) -> Figure:
    columns: list[dict[str, float]] = [
        {"found": each.found, "absent": each.absent, "withheld": each.withheld}
        for each in said
    ]
    chart = stacked(columns)
    return _figure(
        _("Readings"),
        number_format(chart.top, 0),
        chart,
        days,
        [{name: number_format(n, 0) for name, n in each.items()} for each in columns],
    )


def _turnaround(days: Sequence[date], said: Sequence[Summary]) -> Figure:
    columns = [
        {
            "minutes_50": each.minutes_50,
            "minutes_95": each.minutes_95.value if each.minutes_95 else None,
        }
        for each in said
    ]
    chart = lined(columns)
    return _figure(
        _("Minutes from the asking to the answer"),
        _("%(n)s min") % {"n": number_format(round(chart.top, 1))},
        chart,
        days,
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
    days: Sequence[date],
    said: Sequence[Summary],
    pick: Pick,
    note: str = "",
) -> Figure:
    columns = [pick(each) for each in said]
    chart = banded(
        [
            {
                name: (found.value, found.low, found.high) if found else None
                for name, found in each.items()
            }
            for each in columns
        ],
        top=1.0,
    )
    cells = [
        {name: estimate(found) for name, found in each.items()} for each in columns
    ]
    return _figure(title, "100 %", chart, days, cells, note=note)


def _figure(
    title: str,
    top: str,
    chart: Chart,
    days: Sequence[date],
    cells: Sequence[Mapping[str, str]],
    *,
    note: str = "",
) -> Figure:
    names = list(cells[0])
    return Figure(
        title=title,
        top=top,
        series=[(name, SERIES[name]) for name in names],
        chart=chart,
        rows=[
            (day, [each[name] for name in names])
            for day, each in zip(days, cells, strict=True)
        ],
        note=note,
    )
