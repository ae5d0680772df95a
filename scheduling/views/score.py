"""Where a roster's cost comes from, by rule, person and day, from the judge at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hospital.accounts.access import roles_required
from hospital.core.pages import render_page
from scheduling.models import Roster
from scheduling.problems import instance_of, judged
from scheduling.saying.sentences import day_in_short, named, weekday_and_day
from scheduling.solver.instance import Instance
from scheduling.solver.verify import Cost, Verdict, score
from scheduling.views.board import EDITING_ROLES, visible_roster

WAYS = {
    "rule": gettext_lazy("By rule"),
    "person": gettext_lazy("By person"),
    "day": gettext_lazy("By day"),
}
COLUMNS = {
    "rule": gettext_lazy("Rule"),
    "person": gettext_lazy("Person"),
    "day": gettext_lazy("Day"),
}
CELLS_SHOWN = 5
DEFAULT_ORDERING = "-cost"


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that costs; `key` is empty where it is no one person's."""

    key: str
    day: int
    label: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One rule, person or day: what it costs, and in which cells."""

    name: str
    cost: float
    share: float
    cells: list[Place]
    order: str | int


@require_safe
@roles_required(*EDITING_ROLES)
def score_page(request: HttpRequest, roster_id: UUID) -> HttpResponse:
    roster = visible_roster(request, roster_id)
    by = request.GET.get("by", "rule")
    by = by if by in WAYS else "rule"
    ordering = request.GET.get("ordering") or DEFAULT_ORDERING
    verdict = judged(roster).verdict
    is_panel = bool(getattr(request, "htmx", None))
    rows = sorted(_rows(roster, verdict, by), key=lambda row: row.order)
    if ordering.removeprefix("-") == "cost":
        rows.sort(key=lambda row: row.cost, reverse=ordering.startswith("-"))
    elif ordering.startswith("-"):
        rows.reverse()
    context = {
        "roster": roster,
        "rows": rows,
        "by": by,
        "ways": list(WAYS.items()),
        "columns": [("name", COLUMNS[by]), ("cost", _("Cost"))],
        "total": verdict.objective,
        "address": reverse("scheduling:score", args=[roster.id]),
        "is_panel": is_panel,
        "shown": ":2" if is_panel else ":",
        "ordering": ordering,
    }
    return render_page(
        request, "scheduling/score.html", context, partial="scheduling/_score.html"
    )


def _rows(roster: Roster, verdict: Verdict, by: str) -> Iterable[ScoreRow]:
    instance = instance_of(roster)
    told = score(verdict)
    total = sum(one.cost for one in verdict.costs) or 1
    costs: dict[str, list[tuple[str | int, float]]] = {
        "rule": [*told.by_rule.items()],
        "person": [*told.by_person.items()],
        "day": [*told.by_day.items()],
    }
    for key, cost in costs[by]:
        members = [one for one in verdict.costs if _is_of(one, by, key)]
        name, order = _named(instance, by, key)
        yield ScoreRow(name, cost, cost / total, _cells(instance, members), order)


def _is_of(cost: Cost, by: str, key: str | int) -> bool:
    if by == "day":
        return key in cost.days
    return key == (cost.rule if by == "rule" else cost.person)


def _named(instance: Instance, by: str, key: str | int) -> tuple[str, str | int]:
    """Return how a row is called, and what it is sorted by."""
    if by == "day":
        date = instance.date_of(int(key))
        return weekday_and_day(date), int(key)
    if by == "rule":
        return named(str(key)), named(str(key))
    if not key:
        return _("Nobody's alone"), -1
    index = instance.person_index[str(key)]
    return instance.people[index].name or str(key), index


def _cells(instance: Instance, costs: list[Cost]) -> list[Place]:
    dearest = sorted(costs, key=lambda one: -one.cost)
    found: dict[tuple[str, int], Place] = {}
    for one in dearest:
        if not one.days or len(found) == CELLS_SHOWN:
            continue
        day = one.days[0]
        name = ""
        if one.person:
            person = instance.people[instance.person_index[one.person]]
            name = f"{person.name or person.id}, "
        label = name + day_in_short(instance.date_of(day))
        found.setdefault((one.person, day), Place(one.person, day, label))
    return list(found.values())
