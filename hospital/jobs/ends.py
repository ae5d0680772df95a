"""Who hears that a run has ended: open pages, and the room that asked for the job."""

from collections.abc import Callable

from django.utils.module_loading import import_string

from hospital.core.registry import registry
from hospital.jobs.events import publish_job
from hospital.jobs.models import Job, JobState


def tell_ended(job: Job) -> None:
    """Tell how a job stands after a run; its room too where it has failed for good."""
    publish_job(job)
    known = registry.job_kinds.get(job.kind)
    if job.state == JobState.FAILED and known and known.failed:
        told: Callable[[Job], None] = import_string(known.failed)
        told(job)
