"""The only way a job reaches anyone."""

from django.db.models import Q, QuerySet

from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import Principal
from hospital.core.registry import registry
from hospital.jobs.models import Job, JobState


def jobs_visible_to(principal: Principal) -> QuerySet[Job]:
    """Return one's own jobs; for staff also those of their departments.

    Of a kind that names its roles, only those see the jobs of others.
    """
    if principal.sees_every_department:
        return Job.objects.all()
    own = Q(owner=principal.user)
    if principal.role in STAFF_ROLES:
        shared = Q(department__in=principal.department_ids)
        return Job.objects.filter(
            own | shared & ~Q(kind__in=_kinds_closed_to(principal))
        )
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
    known = registry.job_kinds.get(job.kind)
    named = known.roles if known else frozenset()
    return principal.role in (named or {Role.CLINICIAN, Role.MANAGER})


def _kinds_closed_to(principal: Principal) -> list[str]:
    kinds = registry.job_kinds.values()
    return [
        known.kind
        for known in kinds
        if known.roles and principal.role not in known.roles
    ]
