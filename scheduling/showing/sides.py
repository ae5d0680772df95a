"""What a roster can be compared with: itself as worked on, published and found, others."""

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.accounts.principal import Principal
from scheduling.exports.export import published_cells
from scheduling.models import PublishedShift, Roster
from scheduling.problems import Cells, cells_in, cells_of
from scheduling.selectors.rosters import (
    publications_visible_to,
    rosters_visible_to,
    runs_visible_to,
)
from scheduling.showing.comparison import Side

OFFERED = 30  # of each kind, the newest first
WORKING, PUBLISHED = "working", "published"
PUBLICATION, RUN, ROSTER = "publication-", "run-", "roster-"  # before an id
WORKING_NAME = gettext_lazy("Working copy")

Offer = tuple[str, str]  # the value in the address, and its name
Group = tuple[str, list[Offer]]


def comparable_with(roster: Roster, principal: Principal) -> QuerySet[Roster]:
    """Return other rosters of the same ward and length, the newest first."""
    others = rosters_visible_to(principal).exclude(pk=roster.pk).defer("instance")
    return others.filter(department=roster.department_id, days=roster.days)


def offers(roster: Roster, principal: Principal) -> list[Group]:
    """Return what may be chosen, by kind, as a form's choices."""
    groups = [
        (_("This roster"), _own(roster)),
        (_("Publications"), _publications(roster, principal)),
        (_("Searches"), _runs(roster, principal)),
        (_("Other rosters of the ward"), _others(roster, principal)),
    ]
    return [(name, some) for name, some in groups if some]


def usual_sides(choices: list[Group]) -> dict[str, str]:
    """Return what is compared unasked: the work with what the staff see, or a search."""
    values = [value for _kind, some in choices for value, _name in some]
    if PUBLISHED in values:
        return {"left": PUBLISHED, "right": WORKING}
    found = (value for value in values if value.startswith(RUN))
    return {"left": WORKING, "right": next(found, WORKING)}


def side(roster: Roster, principal: Principal, offer: Offer) -> Side:
    """Return one side of a comparison: what an offer of `offers` stands for."""
    value, name = offer
    if value.startswith(ROSTER):
        others = comparable_with(roster, principal)
        other = others.get(pk=value.removeprefix(ROSTER))
        return Side.of(name, other, cells_of(other))
    return Side.of(name, roster, _cells(roster, principal, value))


def _cells(roster: Roster, principal: Principal, value: str) -> Cells:
    if value.startswith(RUN):
        runs = runs_visible_to(principal).filter(roster=roster)
        return cells_in(runs.get(pk=value.removeprefix(RUN)).cells)
    if value.startswith(PUBLICATION):
        shifts = PublishedShift.objects.filter(
            publication__roster=roster,
            publication__pk=value.removeprefix(PUBLICATION),
        )
        told = shifts.values_list("person__key", "day", "shift")
        return {(key, day): shift for key, day, shift in told}
    return published_cells(roster) if value == PUBLISHED else cells_of(roster)


def _own(roster: Roster) -> list[Offer]:
    own = [(WORKING, str(WORKING_NAME))]
    return [*own, (PUBLISHED, _("What the staff see"))] if roster.current_id else own


def _publications(roster: Roster, principal: Principal) -> list[Offer]:
    shown = publications_visible_to(principal).filter(roster=roster)
    return [
        (
            f"{PUBLICATION}{one.pk}",
            _("Publication %(number)d of %(date)s")
            % {"number": one.number, "date": _moment(one.created)},
        )
        for one in shown[:OFFERED]
    ]


def _runs(roster: Roster, principal: Principal) -> list[Offer]:
    runs = runs_visible_to(principal).filter(roster=roster, objective__isnull=False)
    return [
        (
            f"{RUN}{run.pk}",
            _("Search of %(date)s, cost %(cost)d")
            % {"date": _moment(run.created), "cost": run.objective},
        )
        for run in runs.exclude(cells={}).defer("cells", "curve")[:OFFERED]
    ]


def _others(roster: Roster, principal: Principal) -> list[Offer]:
    return [
        (f"{ROSTER}{one.pk}", one.name)
        for one in comparable_with(roster, principal)[:OFFERED]
    ]


def _moment(moment: object) -> str:
    local = timezone.localtime(moment)  # type: ignore[arg-type]  # a row's own time
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")
