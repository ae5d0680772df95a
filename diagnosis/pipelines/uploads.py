"""What follows an upload: waiting for its readings, and tidying the file store."""

import time
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.services.sweep import sweep_files
from hospital.jobs.models import ENDED_STATES, Job, JobState
from hospital.jobs.run import JobRetry, JobRun

POLL_SECONDS = 1.0
TURN_SECONDS = 60.0  # then the worker does something else for a while
PAUSE_SECONDS = 15.0


def follow_upload(run: JobRun) -> dict[str, object]:
    """Wait for the readings of an upload's studies and say how they ended."""
    ids = [UUID(text) for text in run.job.payload["jobs"]]
    until = time.monotonic() + TURN_SECONDS
    while True:
        states = list(Job.objects.filter(id__in=ids).values_list("state", flat=True))
        ended = sum(state in ENDED_STATES for state in states)
        words = _("%(ended)d of %(all)d studies read") % {
            "ended": ended,
            "all": len(states),
        }
        run.progress(ended / max(len(states), 1), words)
        if ended == len(states):
            break
        if time.monotonic() > until:
            raise JobRetry(words, delay_s=PAUSE_SECONDS)
        time.sleep(POLL_SECONDS)
    return {
        "studies": run.job.payload["studies"],
        "jobs": run.job.payload["jobs"],
        "succeeded": states.count(JobState.SUCCEEDED),
        "failed": states.count(JobState.FAILED),
        "cancelled": states.count(JobState.CANCELLED),
    }


def sweep(run: JobRun) -> dict[str, object]:
    """Remove files that no row names; report rows whose file is missing."""
    run.progress(0.0, _("Looking through the file store"))
    result = sweep_files(now=timezone.now())
    return {
        "removed": len(result.removed),
        "left_uploads": result.left_uploads,
        "left_renewals": result.left_renewals,
        "missing": result.missing[:100],
    }
