"""From a roster's rows to a better roster: the job that searches.

A search that loses its worker goes on in another one, from the best roster kept and
with the time that is left. One that somebody stops hands over the best it has.
"""

import time
from typing import Any

from django.utils.translation import gettext as _

from hospital.jobs.events import job_event, publish
from hospital.jobs.run import JobFailed, JobRun, JobStopped, LeaseLost
from scheduling.ledger import aimed
from scheduling.models import Roster, Run
from scheduling.pipelines.in_order import search_in_order
from scheduling.problems import (
    as_rows,
    cells_in,
    grid_of,
    instance_now,
    locked_cells,
    with_locks,
)
from scheduling.saying.sentences import why_refused
from scheduling.selectors.rosters import aims_of
from scheduling.services.runs import Found, end_run, keep_run
from scheduling.solver.errors import SolverError
from scheduling.solver.fairness import TierOrder
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.search import Progress, Solution, SolveLimits, nearest, solve
from scheduling.solver.verify import Verdict, verify

LEAST_LEFT_S = 1.0  # for an attempt that begins when the time is as good as over
KEEP_EVERY_S = 1.0
TELL_EVERY_S = 0.25
POINTS_KEPT = 2_000  # of the curve


def solve_roster(run: JobRun) -> dict[str, object]:
    """Search for the roster that the job names; its roster and success commit together."""
    search = Run.objects.select_related("roster").get(job=run.job)
    run.step(_("Reading the roster's problem"))
    instance = problem_to_search(search.roster)
    follower = Follower(run, search, instance)
    run.step(_("Searching"))
    try:
        solution = _searched(search, instance, follower)
    except SolverError as error:
        raise JobFailed(why_refused(error), code="not_solvable") from error
    return _end(run, follower, solution)


def _searched(search: Run, instance: Instance, follower: "Follower") -> Solution:
    """Search by the weights, or tier by tier where the roster's aims say so.

    Where no roster is legal, the nearest to one comes out.
    """
    limits, start = _limits(search), _start(search, instance)
    tiers = aims_of(search.roster).tier_order
    if tiers:
        order = TierOrder(tuple(tiers))
        found = search_in_order(
            instance, order, limits=limits, start=start, hearer=follower
        )
    else:
        found = solve(instance, limits=limits, start=start, on_progress=follower.hear)
    return nearest(
        instance, found, limits=limits, start=start, on_progress=follower.hear
    )


class Follower:
    """Hears of a search: keeps its best roster, tells its news, says when to stop.

    Attributes:
        stop: Why the search must not go on; None while it may.
        best: The newest roster that is better than those before.
    """

    def __init__(self, run: JobRun, search: Run, instance: Instance) -> None:
        self.stop: JobStopped | None = None
        self.best: Grid | None = None
        self.instance = instance
        self.search = search
        self._run = run
        self._curve: list[list[Any]] = list(search.curve)  # Any: as the model has it
        self._kept: Grid | None = None
        self._judged: tuple[Grid | None, Verdict | None] = (None, None)
        self._next_keep = 0.0
        self._next_tell = 0.0

    def hear(self, progress: Progress) -> bool:
        """Take a search's news; return whether it may go on."""
        if progress.roster is not None:
            self.best = progress.roster
        self._draw(progress)
        now = time.monotonic()
        try:
            if now >= self._next_tell:
                self._next_tell = now + TELL_EVERY_S
                self._tell(progress)
            if now >= self._next_keep:
                self._next_keep = now + KEEP_EVERY_S
                self.keep(self._standing(progress))
            self._run.check()
        except JobStopped as stop:
            self.stop = stop
        return self.stop is None

    def found(self, solution: Solution) -> Found:
        """Return what a search that ended leaves, judged."""
        self.best = solution.roster or self.best
        return self._found(
            status=solution.status,
            objective=solution.objective,
            bound=solution.bound,
            gap=solution.gap,
            first_feasible_s=self.search.first_feasible_s or solution.first_feasible_s,
            spent_s=self.search.spent_s + solution.wall_s,
        )

    def keep(self, found: Found) -> None:
        """Keep the best roster so far, unless the job is another worker's by now."""
        with self._run.held():
            keep_run(run_id=self.search.pk, found=found)
        self._kept = self.best

    def tell(self, figures: dict[str, object]) -> None:
        """Publish figures as an event of the job."""
        topic = f"job:{self._run.job.id}"
        publish(topic, "job", {**job_event(self._run.job), **figures})

    def _verdict(self) -> Verdict | None:
        """Return the judgment of the best roster, made once a roster."""
        if self.best is not None and self._judged[0] is not self.best:
            self._judged = (self.best, verify(self.instance, self.best))
        return self._judged[1]

    def _standing(self, progress: Progress) -> Found:
        return self._found(
            status="",
            objective=progress.objective,
            bound=progress.bound,
            gap=progress.gap,
            first_feasible_s=self.search.first_feasible_s,
            spent_s=self.search.spent_s + progress.elapsed_s,
        )

    def _found(self, **figures: Any) -> Found:  # Any: the fields of `Found`
        verdict = self._verdict()
        is_new = self.best is not None and self.best is not self._kept
        return Found(
            **figures,
            curve=self._curve,
            cells=as_rows(self.instance, self.best) if self.best and is_new else None,
            penalties=verdict.penalties if verdict else None,
            hard_violations=len(verdict.hard) if verdict else None,
        )

    def _draw(self, progress: Progress) -> None:
        """Add a point to the curve where something got better."""
        point = [progress.objective, progress.bound]
        is_news = not self._curve or self._curve[-1][1:] != point
        if is_news and point != [None, None] and len(self._curve) < POINTS_KEPT:
            at_s = round(self.search.spent_s + progress.elapsed_s, 3)
            self._curve.append([at_s, *point])

    def _tell(self, progress: Progress) -> None:
        spent_s = self.search.spent_s + progress.elapsed_s
        share = min(spent_s / self.search.time_limit_s, 1.0)
        self._run.progress(share, _words(progress))
        self._run.job.progress = share
        self.tell(
            {
                "objective": progress.objective,
                "bound": progress.bound,
                "gap": progress.gap,
                "elapsed_s": round(spent_s, 3),
            }
        )


def problem_to_search(roster: Roster) -> Instance:
    """Return the problem with what was locked, aimed at and approved since."""
    instance = aimed(roster, instance_now(roster))
    return with_locks(instance, grid_of(roster), locked_cells(roster))


def _start(search: Run, instance: Instance) -> Grid | None:
    """Return the roster to begin from: what an attempt before kept, else the rows'."""
    if search.cells:
        return Grid.of(instance, cells_in(search.cells))
    grid = grid_of(search.roster)
    return grid if any(grid.worked()) else None


def _limits(search: Run) -> SolveLimits:
    left_s = max(search.time_limit_s - search.spent_s, LEAST_LEFT_S)
    return SolveLimits(seconds=left_s, workers=search.workers, seed=search.seed)


def _end(run: JobRun, follower: Follower, solution: Solution) -> dict[str, object]:
    """Hand the roster over, with the job's success or, where it was stopped, without."""
    found = follower.found(solution)
    result = _result(follower.search, found)
    try:
        if follower.stop is not None:
            raise follower.stop
        with run.finish(result):
            end_run(run_id=follower.search.pk, found=found)
    except LeaseLost:
        raise  # another worker goes on from what was kept
    except JobStopped:
        with run.held():
            end_run(run_id=follower.search.pk, found=found)
        follower.tell(_figures(found))
        raise
    follower.tell(_figures(found) | {"state": "succeeded", "progress": 1.0})
    return result


def _figures(found: Found) -> dict[str, object]:
    return {
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "elapsed_s": round(found.spent_s, 3),
    }


def _result(search: Run, found: Found) -> dict[str, object]:
    return {
        "roster": str(search.roster_id),
        "run": str(search.pk),
        "status": found.status,
        "hard_violations": found.hard_violations,
        **_figures(found),
    }


def _words(progress: Progress) -> str:
    if progress.objective is None:
        return _("No roster found yet")
    if progress.gap is None:
        return _("Best so far: %(cost)d") % {"cost": progress.objective}
    return _("Best so far: %(cost)d; at most %(gap)d%% of it can still be saved") % {
        "cost": progress.objective,
        "gap": round(progress.gap * 100),
    }
