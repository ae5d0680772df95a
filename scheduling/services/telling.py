"""Whom a publication and the end of a search concern: people by notices, systems by webhooks."""

from collections import Counter, defaultdict
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from hospital.accounts.models import User
from hospital.notices.services import notify
from hospital.webhooks.services.deliveries import send_webhook
from scheduling.models import Publication, PublishedShift, Roster, Run
from scheduling.saying.notices import ENDED, PUBLISHED

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
