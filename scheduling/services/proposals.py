"""What past rosters suggest enters a draft where a manager accepts it, and leaves again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.models import Acceptance, PastRosters, Roster, RosterState
from scheduling.problems import instance_of
from scheduling.services.editing import roster_for_change
from scheduling.services.problem_changes import change_problem
from scheduling.solver.history import (
    AbsenceRate,
    UsualCover,
    demands_of,
    reserve_for,
    with_reserve,
    with_shared,
    without_reserve,
    without_shared,
)
from scheduling.solver.instance import Instance
from scheduling.solver.rules import Demand
from scheduling.wishes import point_weight

UNDER_WEIGHT = 100  # of a person missing where no demand was weighed before
COVER, ABSENCES, SWAPS = "cover", "absences", "swaps"

Proposed = dict[str, Any]  # Any: a proposal with its evidence, as it was learned
ShiftDay = tuple[str, int]  # a shift and a weekday
GroupSeason = tuple[str, str]
Place = tuple[int, frozenset[str]]  # a day and the shifts that serve a demand
Numbers = tuple[int, int | None]  # at least, at most


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which proposals are accepted, each kind by what tells its rows apart."""

    cover: Sequence[ShiftDay] = ()
    absences: Sequence[GroupSeason] = ()
    swaps: Sequence[ShiftDay] = ()


@dataclass(slots=True)
class Accepted:
    """What of past rosters holds in a draft now, beside its demand."""

    rates: dict[GroupSeason, AbsenceRate] = field(default_factory=dict)
    patterns: set[ShiftDay] = field(default_factory=set)

    def add(self, rows: Iterable[Proposed]) -> None:
        for row in rows:
            if row["kind"] == ABSENCES:
                self.rates[row["group"], row["season"]] = rate_of(row)
            elif row["kind"] == SWAPS:
                self.patterns.add((row["shift"], row["weekday"]))

    def put_into(self, instance: Instance) -> Instance:
        """Return the problem with a reserve for these rates, and these shifts shared."""
        plain = without_shared(without_reserve(instance))
        shared = with_shared(plain, self.patterns, weight=point_weight(plain))
        return with_reserve(shared, reserve_for(plain, self.rates.values()))


@transaction.atomic
def accept_proposals(
    *,
    past: PastRosters,
    roster: Roster,
    author: User,
    chosen: Chosen,
    expected_version: int | None,
) -> Acceptance:
    """Take proposals into a draft: its demand, a reserve beside it, shares of shifts.

    A demand that is there already keeps its weights; only its numbers change.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is no draft.
        StaleRoster: The version is not the newest.
        InvalidInput: Nothing is chosen, something that was not proposed, or nothing of
            it changes the draft.
    """
    rows = _rows(past, chosen)
    if not rows or len(rows) != sum(map(len, _keys(chosen).values())):
        raise InvalidInput(
            _("Choose at least one proposal of the list."), code="invalid"
        )
    if roster.department_id != past.department_id:
        raise _no_draft()
    draft = _draft_for_change(roster, author)
    accepted = accepted_in(draft)
    accepted.add(rows)
    usual = [_usual(row) for row in rows if row["kind"] == COVER]
    seen: list[Instance] = []

    def change(instance: Instance) -> Instance:
        seen.append(instance)
        return accepted.put_into(_with_usual(without_reserve(instance), usual))

    row = change_problem(
        roster=draft, author=author, expected_version=expected_version, change=change
    )
    after = instance_of(row)
    if after == seen[0]:
        raise InvalidInput(
            _(
                "Nothing of it changes this draft: it has these numbers already, or no"
                " day, shift or staff group that they are about."
            ),
            code="nothing_changes",
        )
    return Acceptance.objects.create(
        past=past,
        roster=row,
        accepted_by=author,
        problem_version=row.problem_version,
        proposals=rows,
        changes=_changes(without_reserve(seen[0]), without_reserve(after)),
    )


@transaction.atomic
def undo_acceptance(*, acceptance: Acceptance, author: User) -> Roster:
    """Take accepted proposals out of a draft again; what was changed since stays.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: It was undone before, or the roster is no draft any more.
    """
    draft = _draft_for_change(acceptance.roster, author)
    row = Acceptance.objects.select_for_update(of=("self",)).get(pk=acceptance.pk)
    if row.undone is not None:
        raise Conflict(_("This was taken back before."), code="undone")
    row.undone, row.undone_by = timezone.now(), author
    row.save(update_fields=["undone", "undone_by", "updated"])
    accepted = accepted_in(draft)
    return change_problem(
        roster=draft,
        author=author,
        expected_version=None,
        change=lambda instance: accepted.put_into(
            _as_before(without_reserve(instance), row.changes)
        ),
    )


def rate_of(row: Proposed) -> AbsenceRate:
    """Return an absence rate that was learned."""
    fields = {name: row[name] for name in AbsenceRate.__dataclass_fields__}
    return AbsenceRate(**{**fields, "reasons": tuple(map(tuple, fields["reasons"]))})


def _rows(past: PastRosters, chosen: Chosen) -> list[Proposed]:
    keys = _keys(chosen)
    return [
        {**row, "kind": kind}
        for kind, wanted in keys.items()
        for row in past.proposals[kind]
        if _key(kind, row) in wanted
    ]


def _keys(chosen: Chosen) -> dict[str, set[tuple[object, object]]]:
    return {
        COVER: set(chosen.cover),
        ABSENCES: set(chosen.absences),
        SWAPS: set(chosen.swaps),
    }


def _key(kind: str, row: Proposed) -> tuple[object, object]:
    names = ("group", "season") if kind == ABSENCES else ("shift", "weekday")
    return row[names[0]], row[names[1]]


def accepted_in(roster: Roster) -> Accepted:
    """Return what holds in a roster beside its demand, the newest of each last."""
    accepted = Accepted()
    living = Acceptance.objects.filter(roster=roster, undone=None).order_by("created")
    for rows in living.values_list("proposals", flat=True):
        accepted.add({"kind": COVER, **row} for row in rows)
    return accepted


def _draft_for_change(roster: Roster, author: User) -> Roster:
    """Return the draft's newest row, locked before anything of it is read."""
    row = roster_for_change(roster, author=author)
    if row.state != RosterState.DRAFT:
        raise _no_draft()
    return row


def _no_draft() -> Conflict:
    return Conflict(
        _("Proposals are taken into a draft of the same department."), code="no_draft"
    )


def _usual(row: Proposed) -> UsualCover:
    fields = {name: row[name] for name in UsualCover.__dataclass_fields__}
    first, last = (date.fromisoformat(row[name]) for name in ("first", "last"))
    return UsualCover(**{**fields, "first": first, "last": last})


def _with_usual(instance: Instance, usual: Sequence[UsualCover]) -> Instance:
    """Return the instance with the usual cover as its demand."""
    new: dict[Place | None, Demand] = {
        (one.day, one.shifts): one
        for one in demands_of(usual, instance, under_weight=UNDER_WEIGHT)
    }
    kept = [_with_count(one, new.pop(_place(one), None)) for one in instance.demands]
    return replace(instance, demands=(*kept, *new.values()))


def _place(demand: Demand) -> Place | None:
    """Return which proposal a demand answers to; None where it is a special one."""
    if demand.skill or demand.shifts_before:
        return None
    return demand.day, demand.shifts


def _with_count(demand: Demand, usual: Demand | None) -> Demand:
    if usual is None:
        return demand
    most = None if demand.at_most is None else usual.at_least
    return replace(demand, at_least=usual.at_least, at_most=most)


def _changes(before: Instance, after: Instance) -> list[Proposed]:
    """Return how the numbers of demands changed; `was` is None where one is new."""
    was, now = dict(_numbers(before)), dict(_numbers(after))
    return [
        {"day": day, "shifts": sorted(shifts), "was": was.get(place), "now": numbers}
        for place, numbers in now.items()
        if was.get(place) != numbers
        for day, shifts in [place]
    ]


def _numbers(instance: Instance) -> Iterator[tuple[Place, Numbers]]:
    for demand in instance.demands:
        place = _place(demand)
        if place is not None:
            yield place, (demand.at_least, demand.at_most)


def _as_before(instance: Instance, changes: Iterable[Proposed]) -> Instance:
    """Return the instance with the numbers of before, where nobody changed them since."""
    back: dict[Place | None, Proposed] = {
        (one["day"], frozenset(one["shifts"])): one for one in changes
    }
    demands = []
    for demand in instance.demands:
        change = back.get(_place(demand))
        if change is None or change["now"] != [demand.at_least, demand.at_most]:
            demands.append(demand)
        elif change["was"] is not None:
            least, most = change["was"]
            demands.append(replace(demand, at_least=least, at_most=most))
    return replace(instance, demands=tuple(demands))
