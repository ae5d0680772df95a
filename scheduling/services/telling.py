"""Whom publications and the ends of searches concern: people by notices, systems by webhooks."""

from collections import Counter, defaultdict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hospital.accounts.models import User
from hospital.jobs.models import Job
from hospital.notices.models import Notice
from hospital.notices.services import notify
from hospital.webhooks.services.deliveries import send_webhook
from scheduling.models import Explanation, Publication, PublishedShift, Roster, Run
from scheduling.saying.notices import (
    ENDED,
    EXPLAINED,
    EXPLANATION_FAILED,
    PUBLISHED,
    SEARCH_FAILED,
)

# The page's usual search takes a minute and ends just short of it: who began one may
# have left by then, and hears of it.
WORTH_TELLING_S = 30.0


def tell_published(publication: Publication) -> None:
    """Tell everyone with an account whose shifts differ from the publication before."""
    roster = publication.roster
    changes = Counter(
        person
        for person, _day in _changed_cells(publication, before=_before(publication))
    )
    told: dict[int, list[User]] = defaultdict(list)
    people = roster.people.filter(pk__in=changes, user__isnull=False)
    for person in people.select_related("user"):
        if person.user is not None:
            told[changes[person.pk]].append(person.user)
    for count, users in told.items():
        notify(
            users,
            kind=PUBLISHED,
            values={
                "roster": roster.name,
                "count": count,
                "is_first": publication.number == 1,
            },
            link=reverse("scheduling:my_shifts"),
            subject_id=roster.pk,
        )
    send_webhook(
        event_type="roster.published",
        data={
            **_named(roster),
            "publication": publication.number,
            "hard_violations": publication.hard_violations,
            "changed_cells": publication.changed_cells,
        },
        department=roster.department,
    )


def tell_ended(run: Run, roster: Roster) -> None:
    """Tell who asked for a long search what it found, unless somebody stopped it."""
    is_long = run.spent_s >= WORTH_TELLING_S and run.job.cancel_requested is None
    if run.started_by is not None and is_long:
        notify(
            [run.started_by],
            kind=ENDED,
            values={
                "roster": roster.name,
                "status": run.status,
                "is_near": bool(run.cells and run.hard_violations),
            },
            link=reverse("scheduling:roster", args=[roster.pk]),
            subject_id=roster.pk,
        )
    if run.cells:
        send_webhook(
            event_type="roster.solved",
            data={
                **_named(roster),
                "run": str(run.pk),
                "status": run.status,
                "objective": run.objective,
                "bound": run.bound,
                "gap": run.gap,
            },
            department=roster.department,
        )


@transaction.atomic
def tell_search_failed(job: Job) -> None:
    """Tell who asked for a search that it failed for good, unless somebody stopped it.

    Where its time ran out, they may have heard of its end; then they hear no more.
    """
    asked = Run.objects.filter(job=job).select_related("roster", "started_by")
    run = asked.select_for_update(of=("self",)).first()
    if run is None or run.started_by is None or job.cancel_requested is not None:
        return
    if _has_heard(run.started_by, run.roster, job, of=(ENDED, SEARCH_FAILED)):
        return
    notify(
        [run.started_by],
        kind=SEARCH_FAILED,
        values={"roster": run.roster.name, "has_roster": bool(run.cells)},
        link=reverse("scheduling:roster", args=[run.roster_id]),
        subject_id=run.roster_id,
    )


def tell_explained(found: Explanation) -> None:
    """Tell who waited long for an explanation that it is there."""
    waited_s = (timezone.now() - found.job.created).total_seconds()
    if found.asked_by is not None and waited_s >= WORTH_TELLING_S:
        notify(
            [found.asked_by],
            kind=EXPLAINED,
            values={"roster": found.roster.name, "status": found.status},
            link=reverse("scheduling:explanation", args=[found.roster_id]),
            subject_id=found.roster_id,
        )


@transaction.atomic
def tell_explanation_failed(job: Job) -> None:
    """Tell who asked for an explanation that none came, unless somebody stopped it."""
    asked = Explanation.objects.filter(job=job).select_related("roster", "asked_by")
    row = asked.select_for_update(of=("self",)).first()
    if row is None or row.asked_by is None or job.cancel_requested is not None:
        return
    if _has_heard(row.asked_by, row.roster, job, of=(EXPLANATION_FAILED,)):
        return
    notify(
        [row.asked_by],
        kind=EXPLANATION_FAILED,
        values={"roster": row.roster.name},
        link=reverse("scheduling:explanation", args=[row.roster_id]),
        subject_id=row.roster_id,
    )


def _has_heard(asker: User, roster: Roster, job: Job, *, of: tuple[str, ...]) -> bool:
    """Whether they were told since the job began; two workers may find that it failed."""
    told = Notice.objects.filter(user=asker, subject_id=str(roster.pk), kind__in=of)
    return told.filter(created__gte=job.started or job.created).exists()


def _before(publication: Publication) -> Publication | None:
    earlier = publication.roster.publications.filter(number=publication.number - 1)
    return earlier.first()


def _changed_cells(
    publication: Publication, *, before: Publication | None
) -> set[tuple[UUID, int]]:
    """Return who works something else on which day than was told before."""
    now, then = _worked(publication), _worked(before)
    return {cell for cell in {*now, *then} if now.get(cell) != then.get(cell)}


def _worked(publication: Publication | None) -> dict[tuple[UUID, int], str]:
    shifts = PublishedShift.objects.filter(publication=publication)
    rows = shifts.order_by().values_list("person_id", "day", "shift")
    return {(person, day): shift for person, day, shift in rows}


def _named(roster: Roster) -> dict[str, str]:
    path = reverse("api-roster-detail", args=[roster.pk])
    return {"id": str(roster.pk), "url": f"{settings.PUBLIC_URL}{path}"}
