"""Looks after conversations every minute: dangers nobody answered, answers nobody makes."""

from django.utils import timezone

from consult.services.watching import (
    call_for_emergencies,
    end_abandoned,
    forget_empty,
    forget_old,
    let_go_of_left,
)
from hospital.jobs.run import JobRun


def watch(run: JobRun) -> dict[str, object]:
    """Call people to whom nobody looks after, and end what no worker makes any more."""
    now = timezone.now()
    called = call_for_emergencies(now=now) + let_go_of_left()
    run.check()
    ended = end_abandoned()
    run.check()
    forgotten = forget_empty(now=now)
    run.check()
    forgotten += forget_old(now=now)
    return {"called": called, "ended": ended, "forgotten": forgotten}
