"""What nobody looks after: emergencies and answers left alone, talks whose holder left."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from consult.models import OPEN_TURNS, Author, Conversation, Reason, State, Turn
from consult.selectors.conversations import DESK_ROLES, EMERGENCY
from consult.services.answers import fail_answer
from consult.services.handover import ask_for_human, let_go
from consult.services.turns import locked
from hospital.jobs.models import ENDED_STATES

EMPTY_KEPT = timedelta(days=7)
MOST_AT_ONCE = 200


def call_for_emergencies(*, now: datetime) -> int:
    """Have people called to emergencies whose card nobody answered in time."""
    since = now - timedelta(seconds=settings.CHAT_EMERGENCY_WAIT_S)
    unanswered = Conversation.objects.filter(
        state=State.BOT,
        urgency=EMERGENCY,
        acknowledged=None,
        emergency_since__lt=since,
        handover_reason="",
    )
    called = 0
    for conversation in unanswered:
        with transaction.atomic():
            row = locked(conversation)
            if row.state == State.BOT and row.acknowledged is None:
                ask_for_human(row, reason=Reason.EMERGENCY)
                called += 1
    return called


def let_go_of_left() -> int:
    """Let talks wait again whose holder is at the desk no more, and return how many."""
    there = Q(taken_by__is_active=True, taken_by__role__in=DESK_ROLES)
    count = 0
    for conversation in Conversation.objects.filter(~there, state=State.HUMAN):
        with transaction.atomic():
            row = locked(conversation)
            if row.taken_by_id == conversation.taken_by_id and row.state == State.HUMAN:
                let_go(row)
                count += 1
    return count


def end_abandoned() -> int:
    """End open answers whose job has ended without them, and return how many."""
    left = Turn.objects.filter(
        author=Author.BOT, state__in=OPEN_TURNS, job__state__in=ENDED_STATES
    ).select_related("job")
    count = 0
    for answer in left:
        if answer.job is not None:
            fail_answer(answer.job)
            count += 1
    return count


def forget_empty(*, now: datetime) -> int:
    """Delete strangers' conversations in which nobody ever said anything."""
    empty = Conversation.objects.filter(
        owner=None, last_number=0, created__lt=now - EMPTY_KEPT
    )
    return empty.delete()[0]


def forget_old(*, now: datetime) -> int:
    """Delete talks that ended, or were left, longer ago than the hospital keeps them.

    What of a talk belongs to the record was written into an encounter, and stays. A talk
    that somebody waits in, or holds, is never deleted.
    """
    if not settings.CHAT_KEEP_DAYS:
        return 0
    old = Conversation.objects.filter(
        state__in=(State.BOT, State.CLOSED),
        updated__lt=now - timedelta(days=settings.CHAT_KEEP_DAYS),
    )
    named = list(old.order_by("updated").values_list("pk", flat=True)[:MOST_AT_ONCE])
    Conversation.objects.filter(pk__in=named).delete()
    return len(named)
