"""The only way a roster, or anything inside one, reaches anyone."""

from datetime import date, timedelta

from django.db.models import Count, DateField, ExpressionWrapper, F, QuerySet
from django.utils import timezone

from hospital.accounts.authentication import token_digest
from hospital.accounts.models import Department, Role, User
from hospital.accounts.principal import Principal
from hospital.accounts.selectors import departments_visible_to
from hospital.jobs.models import Job, JobState
from scheduling.models import (
    Aims,
    Assignment,
    CalendarFeed,
    Explanation,
    PastRosters,
    Publication,
    PublicHoliday,
    PublishedShift,
    Roster,
    RosterImport,
    Run,
)

EDITORS = frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.INTEGRATOR})
READERS = frozenset({Role.NURSE, Role.CLINICIAN})
KEPT_FOR = timedelta(days=1)  # what was read of a ward and became no roster
SOLVE = "rosters.solve"
EXPLAIN = "rosters.explain"


def rosters_visible_to(principal: Principal) -> QuerySet[Roster]:
    """Return the rosters of one's departments; who edits none sees published ones."""
    rosters = Roster.objects.all()
    if principal.sees_every_department:
        return rosters
    rosters = rosters.filter(department__in=principal.department_ids)
    if principal.role in EDITORS:
        return rosters
    if principal.role in READERS:
        return rosters.filter(current__isnull=False)
    return rosters.none()


def assignments_visible_to(principal: Principal) -> QuerySet[Assignment]:
    """Return the cells of working copies, which are their editors' alone."""
    if principal.role not in EDITORS:
        return Assignment.objects.none()
    return Assignment.objects.filter(person__roster__in=rosters_visible_to(principal))


def published_shifts_visible_to(principal: Principal) -> QuerySet[PublishedShift]:
    """Return what is published now in the rosters one sees."""
    return shifts_in_force().filter(
        publication__roster__in=rosters_visible_to(principal)
    )


def own_shifts_visible_to(principal: Principal) -> QuerySet[PublishedShift]:
    """Return one's own published shifts, in whichever ward they are worked."""
    if principal.role == Role.PATIENT:
        return PublishedShift.objects.none()
    return shifts_in_force().filter(person__user=principal.user)


def rosters_on(rosters: QuerySet[Roster], day: date) -> QuerySet[Roster]:
    """Return those that are published for a day, or for the night that ends on it."""
    after = ExpressionWrapper(F("start") + F("days"), output_field=DateField())
    return rosters.annotate(after=after).filter(
        current__isnull=False, start__lte=day, after__gte=day
    )


def with_wards(shifts: QuerySet[PublishedShift]) -> QuerySet[PublishedShift]:
    """Return the shifts with their rosters and wards, without the large problems."""
    return shifts.select_related("publication__roster__department").defer(
        "publication__roster__instance"
    )


def feed_owner(code: str) -> User | None:
    """Return whose calendar a secret address is, while their account is open."""
    feed = CalendarFeed.objects.select_related("user").filter(
        digest=token_digest(code), user__is_active=True
    )
    found = feed.first()
    return found.user if found else None


def publications_visible_to(principal: Principal) -> QuerySet[Publication]:
    """Return every publication for who edits, and the one in force for the others."""
    shown = Publication.objects.filter(roster__in=rosters_visible_to(principal))
    if principal.role in EDITORS:
        return shown
    return shown.filter(pk=F("roster__current"))


def runs_visible_to(principal: Principal) -> QuerySet[Run]:
    """Return searches, which are the editors' to see."""
    if principal.role not in EDITORS:
        return Run.objects.none()
    return Run.objects.filter(roster__in=rosters_visible_to(principal))


def may_edit(principal: Principal) -> bool:
    """Whether who sees a roster may also change it."""
    return principal.role in EDITORS


def default_department(principal: Principal) -> Department | None:
    """Return where a roster goes that names no department: the first of one's own."""
    return departments_visible_to(principal).order_by("code").first()


def with_figures(rosters: QuerySet[Roster]) -> QuerySet[Roster]:
    """Return rosters with what a list shows of each, and without their problems."""
    return (
        rosters.defer("instance")
        .select_related("department", "current__published_by")
        .annotate(people_count=Count("people"))
    )


def open_run(roster: Roster) -> Run | None:
    """Return the search that goes on for a roster."""
    living = (JobState.QUEUED, JobState.RUNNING)
    runs = Run.objects.filter(roster=roster, job__state__in=living)
    return runs.select_related("job").first()


def ended_run(roster: Roster) -> Run | None:
    """Return the newest search, while what it said at its end is still true.

    That is until the roster changes; what waits to be taken over, until another roster
    is published. While a search goes on there is none.
    """
    runs = Run.objects.filter(roster=roster).select_related("job")
    run = runs.defer("curve", "penalties").first()
    if run is None or not run.job.is_ended:
        return None
    end = max(run.updated, run.job.finished or run.updated)
    published = roster.current.created if roster.current else None
    waits = run.cells and not run.applied and not (published and published > end)
    return run if waits or roster.updated <= end else None


def finished_searches(roster: Roster) -> int:
    """Return how many searches of the roster came to their end."""
    jobs = Job.objects.filter(kind=SOLVE, subject_id=str(roster.pk))
    return jobs.filter(state=JobState.SUCCEEDED).count()


def shifts_in_force() -> QuerySet[PublishedShift]:
    """Return every shift that is published now, for rooms that judge, not to be shown."""
    return PublishedShift.objects.filter(
        publication=F("publication__roster__current")
    ).select_related("person", "publication")


def explanations_visible_to(principal: Principal) -> QuerySet[Explanation]:
    """Return why rosters keep no hard rules, which is the editors' to see."""
    if principal.role not in EDITORS:
        return Explanation.objects.none()
    visible = Explanation.objects.filter(roster__in=rosters_visible_to(principal))
    return visible.select_related("job")


def open_explanation(roster: Roster) -> Explanation | None:
    """Return the explanation of a roster that is still looked for."""
    living = (JobState.QUEUED, JobState.RUNNING)
    asked = Explanation.objects.filter(roster=roster, job__state__in=living)
    return asked.select_related("job").first()


def roster_imports_visible_to(principal: Principal) -> QuerySet[RosterImport]:
    """Return what was read of wards of one's departments, for a day after it came."""
    if principal.role not in EDITORS:
        return RosterImport.objects.none()
    shown = RosterImport.objects.filter(
        department__in=departments_visible_to(principal),
        created__gte=timezone.now() - KEPT_FOR,
    )
    return shown.select_related("department", "roster", "target").defer(
        "roster__instance", "target__instance"
    )


def past_rosters_visible_to(principal: Principal) -> QuerySet[PastRosters]:
    """Return what past rosters suggest to the managers of one's departments."""
    if principal.role not in EDITORS:
        return PastRosters.objects.none()
    shown = PastRosters.objects.filter(department__in=departments_visible_to(principal))
    return shown.select_related("department", "learned_by")


def public_holidays_visible_to(principal: Principal) -> QuerySet[PublicHoliday]:
    """Return the hospital's public holidays, for whoever works there."""
    if principal.role in EDITORS | READERS:
        return PublicHoliday.objects.all()
    return PublicHoliday.objects.none()


def aims_of(roster: Roster) -> Aims:
    """Return what the roster's searches aim at; by default nothing of its own."""
    return Aims.objects.filter(roster=roster).first() or Aims(roster=roster)
