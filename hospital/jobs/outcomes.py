"""Where a job leads once it has done its work."""

from collections.abc import Callable

from django.utils.module_loading import import_string

from hospital.core.registry import Text, registry
from hospital.jobs.models import Job, JobState

Pages = list[tuple[Text, str]]


def pages_of(job: Job) -> Pages:
    """Return the pages of what came of a job: title and address of each."""
    kind = registry.job_kinds.get(job.kind)
    if job.state != JobState.SUCCEEDED or kind is None or not kind.leads_to:
        return []
    leads_to: Callable[[Job], Pages] = import_string(kind.leads_to)
    return leads_to(job)
