"""Who may listen to which job, and how a job stands when one begins to."""

from uuid import UUID

from hospital.accounts.principal import Principal
from hospital.jobs.events import job_event
from hospital.jobs.models import Job
from hospital.jobs.selectors import jobs_visible_to


def may_hear_job(principal: Principal, job_id: str) -> bool:
    known = as_uuid(job_id)
    return known is not None and jobs_visible_to(principal).filter(id=known).exists()


def may_hear_jobs_of(principal: Principal, user_id: str) -> bool:
    return as_uuid(user_id) == principal.user.pk


def job_standing(job_id: str) -> dict[str, object] | None:
    job = Job.objects.filter(id=UUID(job_id)).first()
    return job_event(job) if job else None


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
