"""Searches are asked for, keep their best roster as they go, and hand it over.

A search writes only while its job is its own: the pipeline calls these services inside
`JobRun.held` or `JobRun.finish`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.jobs.services import enqueue
from scheduling.limits import LONGEST_SOLVE_S, SHORTEST_SOLVE_S
from scheduling.models import Roster, Run, RunStatus
from scheduling.problems import (
    Cells,
    as_rows,
    cells_in,
    cells_of,
    grid_of,
    instance_of,
    locked_cells,
)
from scheduling.selectors.rosters import SOLVE, finished_searches, open_run
from scheduling.services.cells import write_cells
from scheduling.services.editing import check_version, next_version, roster_for_change
from scheduling.services.events import tell_department
from scheduling.services.explanations import queue_explanation
from scheduling.services.telling import tell_ended
from scheduling.solver.errors import InstanceError
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.rules import OFF

Rows = Mapping[str, list[str]]  # by person key, a shift or "" for each day
# What is written each time; the roster only when it is another one.
KEPT = (
    *("status", "objective", "bound", "gap", "first_feasible_s"),
    *("spent_s", "curve", "updated"),
)
ROSTER_KEPT = ("cells", "penalties", "hard_violations")


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What a search may spend; `workers` are cores."""

    time_limit_s: float
    workers: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a search knows when it keeps or ends: its best roster, judged."""

    status: str
    objective: int | None
    bound: float | None
    gap: float | None
    first_feasible_s: float | None
    spent_s: float
    curve: list[list[Any]]  # Any: a number, or None where nothing is known yet
    cells: Mapping[str, list[str]] | None = None
    penalties: Mapping[str, int] | None = None
    hard_violations: int | None = None


@transaction.atomic
def start_run(*, roster: Roster, author: User, limits: RunLimits) -> Run:
    """Queue a search from the working copy as it is now; one a roster at a time.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or a search of it goes on.
        InvalidInput: A limit that no search may have.
    """
    _check_limits(limits)
    row = roster_for_change(roster, author=author)
    going = open_run(row)
    if going is not None:
        raise Conflict(
            _("A search for this roster goes on already; stop it or wait for it."),
            code="already_solving",
            fields={"job": [str(going.job_id)]},
        )
    job = enqueue(
        kind=SOLVE,
        key=f"{row.pk}:{finished_searches(row)}",  # two at once would share it
        owner=author,
        subject_id=row.pk,
        department_id=row.department_id,
        payload={"roster": str(row.pk)},
    )
    run = Run.objects.create(
        roster=row,
        job=job,
        started_by=author,
        version=row.version,
        time_limit_s=limits.time_limit_s,
        workers=limits.workers,
        seed=limits.seed,
    )
    tell_department(row, "solving")
    return run


@transaction.atomic
def keep_run(*, run_id: UUID, found: Found) -> Run:
    """Keep what a search has found so far; its roster is not the working copy yet."""
    run = Run.objects.select_for_update().get(pk=run_id)
    _take(run, found)
    run.save(update_fields=[*KEPT, *(ROSTER_KEPT if found.cells else ())])
    return run


@transaction.atomic
def end_run(*, run_id: UUID, found: Found) -> Run:
    """Keep what a search found, and make its roster the working copy.

    Where somebody changed the working copy meanwhile, theirs stays: the search's roster
    waits until it is taken over by hand.
    """
    # The roster first, as `apply_run` does: two that wait for each other wait forever.
    row = Roster.objects.select_for_update(of=("self",)).get(runs=run_id)
    run = Run.objects.select_for_update().get(pk=run_id)
    _take(run, found)
    if run.cells and row.version == run.version and not row.is_locked:
        _hand_over(run, row)
    run.save()
    tell_department(row, "solved")
    tell_ended(run, row)
    is_illegal = run.status == RunStatus.INFEASIBLE or run.hard_violations
    if is_illegal:
        queue_explanation(row, author=run.started_by)
    return run


@transaction.atomic
def apply_run(*, run: Run, author: User, expected_version: int | None = None) -> Roster:
    """Make a search's roster the working copy; locked cells stay as they are.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, the search found none, or it was made for other
            people or shifts.
        StaleRoster: A version is expected that is not the newest.
    """
    row = roster_for_change(run.roster, author=author)
    check_version(row, expected_version)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.cells:
        raise Conflict(
            _("This search found no roster that could be taken over."),
            code="run_without_roster",
        )
    _check_known(run, row)
    _hand_over(run, row)
    run.save()
    tell_department(row, "changed")
    return row


@transaction.atomic
def take_back_run(
    *, run: Run, author: User, expected_version: int | None = None
) -> Roster:
    """Make the working copy what it was before a search's roster was taken over.

    Cells that were changed since stay, and so do locked ones.

    Raises:
        NotPermitted: The person makes no rosters of the department.
        Conflict: The roster is closed, or the search's roster is not taken over.
        StaleRoster: A version is expected that is not the newest.
    """
    row = roster_for_change(run.roster, author=author)
    check_version(row, expected_version)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.replaced is None:
        raise Conflict(
            _("This search's roster is not taken over: nothing can be taken back."),
            code="run_not_applied",
        )
    if write_cells(row, _as_before(row, put=run.cells, replaced=run.replaced)):
        next_version(row)
    run.applied, run.replaced = None, None
    run.save(update_fields=["applied", "replaced", "updated"])
    tell_department(row, "changed")
    return row


def _as_before(row: Roster, *, put: Rows, replaced: Rows) -> Cells:
    """Return the working copy with what a search put there as it was before."""
    instance, now, locked = instance_of(row), cells_of(row), locked_cells(row)
    found, before = cells_in(put), cells_in(replaced)
    back = {
        cell: before.get(cell, OFF)
        for cell in {*found, *before} - locked
        if now.get(cell, OFF) == found.get(cell, OFF)
        and cell[0] in instance.person_index
        and before.get(cell, OFF) in {OFF, *instance.shift_by_id}
    }
    return {**now, **back}


def _check_known(run: Run, row: Roster) -> None:
    """Refuse a search's roster with shifts that are gone, or for other people."""
    instance = instance_of(row)
    refusal = Conflict(
        _("This search was made for other people or shifts than there are now."),
        code="run_of_others",
    )
    if set(run.cells) != set(instance.person_index):
        raise refusal
    try:
        Grid.of(instance, cells_in(run.cells))
    except InstanceError as error:
        raise refusal from error


def _hand_over(run: Run, row: Roster) -> None:
    cells, before = cells_in(run.cells), as_rows(instance_of(row), grid_of(row))
    cells.update(_kept_locked(row))
    if write_cells(row, cells):
        next_version(row)
        run.replaced = before
    run.version = row.version  # its roster is what the working copy is now
    run.applied = timezone.now()


def _kept_locked(row: Roster) -> dict[tuple[str, int], str]:
    cells = cells_of(row)
    return {cell: cells.get(cell, OFF) for cell in locked_cells(row)}


def _take(run: Run, found: Found) -> None:
    run.status = found.status
    run.objective, run.bound, run.gap = found.objective, found.bound, found.gap
    run.first_feasible_s = found.first_feasible_s
    run.spent_s = found.spent_s
    run.curve = found.curve
    if found.cells is not None:
        run.cells = dict(found.cells)
        run.penalties = dict(found.penalties or {})
        run.hard_violations = found.hard_violations
    is_legal = run.cells and not run.hard_violations
    if is_legal and run.status in ("", RunStatus.UNKNOWN):
        run.status = RunStatus.FEASIBLE


def _check_limits(limits: RunLimits) -> None:
    if not SHORTEST_SOLVE_S <= limits.time_limit_s <= LONGEST_SOLVE_S:
        message = _("A search takes between %(least)d and %(most)d seconds.") % {
            "least": SHORTEST_SOLVE_S,
            "most": LONGEST_SOLVE_S,
        }
        raise InvalidInput(message, code="invalid", fields={"time_limit": [message]})
    if not 1 <= limits.workers <= settings.SOLVER_WORKERS:
        message = _("A search uses between 1 and %(most)d cores here.") % {
            "most": settings.SOLVER_WORKERS
        }
        raise InvalidInput(message, code="invalid", fields={"workers": [message]})
