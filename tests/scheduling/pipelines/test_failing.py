"""Searches and explanations that come to nothing tell who asked, by the real job runner."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from hospital.accounts.models import User
from hospital.core.registry import registry
from hospital.jobs import leases
from hospital.jobs.ends import tell_ended
from hospital.jobs.models import Job, JobState
from hospital.jobs.reaper import reap
from hospital.jobs.runner import run_job
from hospital.jobs.services import request_cancellation, retry
from hospital.notices.models import Notice
from scheduling.demo.ward import ward
from scheduling.models import Roster, Run
from scheduling.problems import as_rows, grid_of, instance_of
from scheduling.services.explanations import ask_explanation
from scheduling.services.rosters import Problem, create_roster
from scheduling.services.runs import Found, keep_run
from scheduling.solver.formats import to_json
from tests.scheduling.services.test_explanations import closed_day
from tests.scheduling.wards import DAY, assign, make_run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def timeless(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what leaves jobs of a kind no time at all."""

    def leave(kind: str) -> None:
        known = registry.job_kinds[kind]
        monkeypatch.setitem(registry.job_kinds, kind, replace(known, timeout_s=0))

    return leave


def lose(job: Job, *, attempts: int = 3) -> None:
    """Have a worker die at each attempt at the job."""
    for _attempt in range(attempts):
        Job.objects.filter(pk=job.pk).update(run_after=None)
        assert leases.claim(job.pk) is not None
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
        reap()


def keep(run: Run) -> None:
    """Have a search keep the working copy as its best so far."""
    found = Found(
        status="",
        objective=130,
        bound=None,
        gap=None,
        first_feasible_s=0.5,
        spent_s=1.0,
        curve=[],
        cells=as_rows(instance_of(run.roster), grid_of(run.roster)),
    )
    keep_run(run_id=run.pk, found=found)


def test_a_search_that_lost_every_worker_tells_who_asked_once(
    roster: Roster, manager: User
) -> None:
    run = make_run(roster)

    lose(run.job, attempts=2)
    told_before = Notice.objects.count()
    lose(run.job, attempts=1)
    tell_ended(Job.objects.get(pk=run.job_id))  # as by a worker that comes back

    assert Job.objects.get().error_code == "worker_lost"
    notice = Notice.objects.get()
    with translation.override("zh-hans"):
        chinese = notice.words
    assert (told_before, notice.user) == (0, manager)
    assert notice.kind == "rosters.search_failed"
    assert notice.link == f"/rosters/{roster.pk}/"
    assert notice.words == "The search for Ward 3, June failed and left no roster."
    assert chinese == "Ward 3, June 的求解失败，没有留下排班。"


def test_the_notice_says_where_a_roster_is_kept(roster: Roster) -> None:
    run = make_run(assign(roster, {("P0", 0): DAY}))
    keep(run)

    lose(run.job)

    words = "The search for Ward 3, June failed; the best roster that it found is kept."
    assert Notice.objects.get().words == words


def test_a_search_asked_for_again_is_told_again(roster: Roster) -> None:
    run = make_run(roster)
    lose(run.job)

    retry(job=Job.objects.get(pk=run.job_id))
    lose(run.job)

    assert [notice.kind for notice in Notice.objects.all()] == [
        "rosters.search_failed",
        "rosters.search_failed",
    ]


@pytest.mark.parametrize("ends", ["cancelled", "failed"])
def test_a_search_that_somebody_stopped_tells_nobody(ends: str, roster: Roster) -> None:
    run = make_run(roster)
    held = leases.claim(run.job_id)
    assert held is not None

    request_cancellation(job=held)
    if ends == "cancelled":
        Job.objects.update(lease_until=timezone.now())
        reap()
    else:  # a fault came before the stop was heard
        leases.end(held, JobState.FAILED)
        tell_ended(Job.objects.get(pk=run.job_id))

    assert Job.objects.get().state == ends
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("spent_s", "kind"),
    [(0.0, "rosters.search_failed"), (35.0, "rosters.search_ended")],
)
def test_a_search_whose_time_ran_out_tells_who_asked_once(
    spent_s: float, kind: str, manager: User, timeless: Callable[[str], None]
) -> None:
    instance = ward(date(2026, 6, 1), name="Ward", timezone="")
    big = create_roster(  # not searched to its end at once
        author=manager,
        department=manager.departments.get(),
        name="Ward",
        problem=Problem("anji", data=to_json(instance)),
    )
    run = make_run(big, time_limit_s=60)
    Run.objects.update(spent_s=spent_s)
    timeless("rosters.solve")

    run_job(run.job_id)

    notice = Notice.objects.get()
    assert Job.objects.get(pk=run.job_id).error_code == "timeout"
    assert (notice.user, notice.kind) == (manager, kind)
    assert notice.link == f"/rosters/{big.pk}/"


def test_an_explanation_that_failed_tells_who_asked_once(
    manager: User, timeless: Callable[[str], None]
) -> None:
    roster = closed_day(manager.departments.get(), manager)
    asked = ask_explanation(roster=roster, author=manager)
    timeless("rosters.explain")

    run_job(asked.job_id)
    tell_ended(Job.objects.get(pk=asked.job_id))  # as by a worker that comes back

    notice = Notice.objects.get()
    with translation.override("zh-hans"):
        chinese = notice.words
    assert Job.objects.get().error_code == "timeout"
    assert (notice.user, notice.kind) == (manager, "rosters.explanation_failed")
    assert notice.link == f"/rosters/{roster.pk}/explanation/"
    assert notice.words == (
        "Whether Closed can keep every rule was not found out: the attempt failed."
    )
    assert chinese == "未能查明 Closed 能否遵守所有规则：查找失败。"


def test_an_explanation_that_somebody_stopped_tells_nobody(manager: User) -> None:
    roster = closed_day(manager.departments.get(), manager)
    asked = ask_explanation(roster=roster, author=manager)
    held = leases.claim(asked.job_id)
    assert held is not None

    request_cancellation(job=held)
    leases.end(held, JobState.FAILED)
    tell_ended(Job.objects.get(pk=asked.job_id))

    assert Job.objects.get().state == JobState.FAILED
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("waited_s", "count"), [(31, 1), (-600, 0)]
)  # however slow this is
def test_an_explanation_that_was_long_in_coming_tells_who_asked(
    waited_s: int, count: int, manager: User
) -> None:
    roster = closed_day(manager.departments.get(), manager)
    asked = ask_explanation(roster=roster, author=manager)
    began = timezone.now() - timedelta(seconds=waited_s)
    Job.objects.filter(pk=asked.job_id).update(created=began)

    run_job(asked.job_id)

    assert Job.objects.get().state == JobState.SUCCEEDED
    told = [(notice.user, notice.link, notice.words) for notice in Notice.objects.all()]
    words = "It was found out which rules Closed cannot keep together."
    assert told == [(manager, f"/rosters/{roster.pk}/explanation/", words)] * count
