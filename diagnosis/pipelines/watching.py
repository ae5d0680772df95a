"""The clock's look at the model in service."""

from django.utils import timezone

from diagnosis.services.watching import watch_model
from hospital.jobs.run import JobRun


def watch(run: JobRun) -> dict[str, object]:
    """Judge the alert rules."""
    return {"opened": len(watch_model(now=timezone.now()))}
