"""The only way a job reaches anyone."""

from django.db.models import Q, QuerySet

from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import Principal
from hospital.jobs.models import Job, JobState


def jobs_visible_to(principal: Principal) -> QuerySet[Job]:
    """Return one's own jobs; for staff also those of their departments."""
    if principal.sees_every_department:
        return Job.objects.all()
    own = Q(owner=principal.user)
    if principal.role in STAFF_ROLES:
        return Job.objects.filter(own | Q(department__in=principal.department_ids))
    return Job.objects.filter(own)


def open_jobs_of(principal: Principal) -> QuerySet[Job]:
    """Return the jobs that the principal asked for and that have not ended."""
    return Job.objects.filter(
        owner=principal.user, state__in=[JobState.QUEUED, JobState.RUNNING]
    )


def may_stop(principal: Principal, job: Job) -> bool:
    """Whether who sees the job may also cancel it or try it again."""
    if job.owner_id == principal.user.pk or principal.sees_every_department:
        return True
    return principal.role in {Role.CLINICIAN, Role.MANAGER}
