"""How the consultation goes: for managers and clinicians, without a word of anybody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from consult.safety.levels import LEVELS
from consult.selectors.quality import Period, Step, quality
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.core.over_time import lined, over_time, stacked
from hospital.core.pages import render_page
from hospital.core.plots import Panel, Plot

SERIES: Mapping[str, Promise] = {
    "emergency": pgettext_lazy("level", "Emergency"),
    "urgent": pgettext_lazy("level", "Urgent"),
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
        "panels": list(panels(periods, step)),
        "totals": totals(periods),
    }
    return render_page(request, "consult/quality.html", context)


def panels(periods: Sequence[Period], step: Step) -> Iterable[Panel]:
    """Yield the plots of the page."""
    days = [each.start for each in periods]
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
        yield _panel(title, days, step, columns, stacked(columns, days))
    times = [dict(each.times) for each in periods]
    plot = lined(times, days, unit=_("ms"))
    yield _panel(_("Time to answer"), days, step, times, plot)


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


def _panel(
    title: str | Promise,
    days: Sequence[date],
    step: Step,
    columns: Sequence[Mapping[str, float | None]],
    plot: Plot | None,
) -> Panel:
    names = list(columns[0])
    return over_time(
        title,
        plot=plot,
        days=days,
        days_each=1 if step == "day" else 7,
        keys=[(name, SERIES[name]) for name in names],
        cells=[[_cell(column[name]) for name in names] for column in columns],
    )


def _cell(value: float | None) -> str:
    return "–" if value is None else number_format(round(value), force_grouping=True)
