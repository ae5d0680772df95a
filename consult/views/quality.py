"""How the consultation goes: for managers and clinicians, without a word of anybody."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consult.safety.levels import LEVELS
from consult.selectors.quality import Period, Step, quality
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.core.charts import Chart, Figure, lined, stacked
from hospital.core.pages import render_page

SERIES: Mapping[str, Promise] = {
    "emergency": _("Emergency"),
    "urgent": _("Urgent"),
    "routine": _("Routine"),
    "self_care": _("Self-care"),
    "answered": _("Answered"),
    "abstained": _("No answer found"),
    "refused": _("Refused"),
    "failed": _("Failed"),
    "taken": _("Taken by a person"),
    "open": _("Not taken"),
    "helpful": _("Helpful"),
    "unhelpful": _("Not helpful"),
    "first_50": _("First word, half within"),
    "first_95": _("First word, 95 % within"),
    "whole_50": _("Whole answer, half within"),
    "whole_95": _("Whole answer, 95 % within"),
}
Columns = list[dict[str, float]]


@require_safe
@roles_required(Role.MANAGER, Role.CLINICIAN, Role.ADMINISTRATOR)
def quality_page(request: HttpRequest) -> HttpResponse:
    """Show levels, answers, hand-overs, ratings and times by day or week."""
    step: Step = "week" if request.GET.get("by") == "week" else "day"
    periods = quality(step=step, today=timezone.localdate())
    context = {
        "step": step,
        "figures": list(figures(periods)),
        "totals": totals(periods),
        "first": periods[0].start,
        "last": periods[-1].start,
    }
    return render_page(request, "consult/quality.html", context)


def figures(periods: Sequence[Period]) -> Iterable[Figure]:
    """Yield the charts of the page."""
    levels: Columns = [{name: each.levels[name] for name in LEVELS} for each in periods]
    answers: Columns = [dict(each.answers) for each in periods]
    handed: Columns = [
        {"taken": each.taken, "open": max(each.asked - each.taken, 0)}
        for each in periods
    ]
    rated = [{"helpful": each.helpful, "unhelpful": each.unhelpful} for each in periods]
    for title, columns in (
        (_("Talks by urgency"), levels),
        (_("Answers"), answers),
        (_("Requests for a person"), handed),
        (_("Ratings"), rated),
    ):
        yield _figure(title, "", periods, columns, stacked(columns))
    times = [dict(each.times) for each in periods]
    yield _figure(_("Time to answer"), _("ms"), periods, times, lined(times))


def totals(periods: Sequence[Period]) -> Mapping[str, int]:
    """Return the sums that stand above the charts."""
    return {
        "talks": sum(each.talks for each in periods),
        "answers": sum(sum(each.answers.values()) for each in periods),
        "abstained": sum(each.answers["abstained"] for each in periods),
        "refused": sum(each.answers["refused"] for each in periods),
        "asked": sum(each.asked for each in periods),
        "helpful": sum(each.helpful for each in periods),
        "unhelpful": sum(each.unhelpful for each in periods),
    }


def _figure(
    title: str | Promise,
    unit: str | Promise,
    periods: Sequence[Period],
    columns: Sequence[Mapping[str, float | None]],
    chart: Chart,
) -> Figure:
    names = list(columns[0])
    return Figure(
        title=title,
        top=f"{number_format(round(chart.top), force_grouping=True)} {unit}",
        series=[(name, SERIES[name]) for name in names],
        chart=chart,
        rows=[
            (period.start, [_cell(column[name]) for name in names])
            for period, column in zip(periods, columns, strict=True)
        ],
    )


def _cell(value: float | None) -> str:
    return "–" if value is None else number_format(round(value), force_grouping=True)
