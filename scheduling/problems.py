"""Between rows and the pure room: the problem, the grid, and what the judge says."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from scheduling.importing import with_leave_counted
from scheduling.models import Assignment, CellLock, Leave, LeaveState, Roster
from scheduling.solver.formats import from_json
from scheduling.solver.instance import Instance, Person
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Judge, Judged

PROBLEMS_KEPT = 16  # of the wards that are worked on now
JUDGMENTS_KEPT = 64

Away = frozenset[tuple[str, int]]  # by person key and day
Cells = Mapping[tuple[str, int], str]  # by person key and day, worked cells only


def instance_of(roster: Roster) -> Instance:
    """Return the roster's problem, read once a process."""
    return _instance(roster.pk, roster.problem_version)


def instance_now(roster: Roster) -> Instance:
    """Return the roster's problem with the approved leave of its people, as it is now.

    Leave that was approved after a roster was published is in no stored version.
    """
    return _instance_with(roster.pk, roster.problem_version, _away(roster))


def leave_of(roster: Roster) -> dict[tuple[str, int], str]:
    """Return the kind of the approved leave by person's key and day of a roster."""
    end = roster.start + timedelta(days=roster.days - 1)
    keys = dict(roster.people.filter(user__isnull=False).values_list("user_id", "key"))
    approved = Leave.objects.filter(
        user__in=keys, state=LeaveState.APPROVED, first__lte=end, last__gte=roster.start
    )
    return {
        (keys[leave.user_id], day): leave.kind
        for leave in approved
        for day in leave.days_in(roster)
    }


def with_leave(instance: Instance, away: Iterable[tuple[str, int]]) -> Instance:
    """Return a problem in which these people are on leave on these days, too."""
    days: dict[str, set[int]] = {}
    for person, day in away:
        days.setdefault(person, set()).add(day)
    if not days:
        return instance
    people = tuple(
        replace(person, leave=person.leave | days.get(person.id, set()))
        for person in instance.people
    )
    return with_leave_counted(replace(instance, people=people))


def grid_of(roster: Roster) -> Grid:
    """Return the working copy as it is in the database now."""
    return Grid.of(instance_of(roster), cells_of(roster))


def cells_of(roster: Roster) -> dict[tuple[str, int], str]:
    """Return the worked cells of the working copy."""
    rows = Assignment.objects.filter(person__roster=roster)
    return {
        (person, day): shift
        for person, day, shift in rows.values_list("person__key", "day", "shift")
    }


def locked_cells(roster: Roster) -> frozenset[tuple[str, int]]:
    """Return the cells that stay as they are."""
    locks = CellLock.objects.filter(person__roster=roster)
    return frozenset(locks.values_list("person__key", "day"))


def judged(roster: Roster) -> Judged:
    """Return the judgment of the working copy at the row's version, and of leave now.

    The row must be locked, or just read, so that version and cells belong together.
    """
    known = _judged.get((roster.pk, roster.version))
    if known is None or known.judge is not _judge_now(roster):
        known = judgment_of(roster, cells_of(roster))
        remember(roster, known)
    return known


def judgment_of(roster: Roster, cells: Cells) -> Judged:
    """Return the judgment of any cells of a roster's people, with their leave now.

    Raises:
        InstanceError: A person, day or shift that its problem does not have.
    """
    judge = _judge_now(roster)
    return judge.judge(Grid.of(judge.instance, cells))


def remember(roster: Roster, judgment: Judged) -> None:
    """Keep the judgment of the row's version for who asks next."""
    while len(_judged) >= JUDGMENTS_KEPT:
        _judged.pop(next(iter(_judged)), None)
    _judged[roster.pk, roster.version] = judgment


def with_locks(
    instance: Instance, grid: Grid, locks: Iterable[tuple[str, int]]
) -> Instance:
    """Return the problem with the locked cells decided as the grid has them."""
    days: dict[str, set[int]] = {}
    for person, day in locks:
        days.setdefault(person, set()).add(day)
    people = tuple(
        _pinned(person, grid.rows[index], days.get(person.id, set()))
        for index, person in enumerate(instance.people)
    )
    return replace(instance, people=people)


def as_rows(instance: Instance, grid: Grid) -> dict[str, list[str]]:
    """Return the grid as JSON keeps it: by person key, a shift or "" for each day."""
    return {
        person.id: list(row)
        for person, row in zip(instance.people, grid.rows, strict=True)
    }


def cells_in(rows: Mapping[str, list[str]]) -> dict[tuple[str, int], str]:
    """Return the worked cells of what `as_rows` made."""
    return {
        (person, day): shift
        for person, shifts in rows.items()
        for day, shift in enumerate(shifts)
        if shift != OFF
    }


def _pinned(person: Person, row: tuple[str, ...], days: set[int]) -> Person:
    if not days:
        return person
    kept = tuple(pin for pin in person.pinned if pin[0] not in days)
    return replace(person, pinned=(*kept, *((day, row[day]) for day in sorted(days))))


@lru_cache(maxsize=PROBLEMS_KEPT)
def _instance(roster_id: UUID, problem_version: int) -> Instance:
    """Return a version of a roster's problem; no version ever changes."""
    data = Roster.objects.values_list("instance", flat=True).get(
        pk=roster_id, problem_version=problem_version
    )
    return from_json(data)


def _away(roster: Roster) -> Away:
    return frozenset(leave_of(roster))


def _judge_now(roster: Roster) -> Judge:
    return _judge_with(roster.pk, roster.problem_version, _away(roster))


@lru_cache(maxsize=PROBLEMS_KEPT)
def _instance_with(roster_id: UUID, problem_version: int, away: Away) -> Instance:
    """Return a version of a roster's problem in which these people are on leave too."""
    return with_leave(_instance(roster_id, problem_version), away)


@lru_cache(maxsize=PROBLEMS_KEPT)
def _judge_with(roster_id: UUID, problem_version: int, away: Away) -> Judge:
    return Judge(_instance_with(roster_id, problem_version, away))


@lru_cache(maxsize=PROBLEMS_KEPT)
def judge_of(roster_id: UUID, problem_version: int) -> Judge:
    """Return the judge of a version of a roster's problem."""
    return Judge(_instance(roster_id, problem_version))


_judged: dict[tuple[UUID, int], Judged] = {}  # newest last; no version ever changes
