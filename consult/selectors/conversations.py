"""The only way a conversation reaches anyone."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Case, DurationField, F, Q, QuerySet, Value, When

from consult.askers import Asker
from consult.models import (
    OPEN_TURNS,
    SOONER_MINUTES,
    Author,
    Conversation,
    State,
    Turn,
    TurnState,
)
from consult.speaking import in_language
from consult.triage.departments import name_zh
from hospital.accounts.models import Department, Role
from hospital.accounts.principal import Principal

DESK_ROLES = frozenset({Role.CLINICIAN, Role.NURSE})
EMERGENCY = 3  # the place of that level
# `Conversation.counts_from`, for the database
COUNTS_FROM = F("waiting_since") - Case(
    *(
        When(mood=mood, then=Value(timedelta(minutes=minutes)))
        for mood, minutes in SOONER_MINUTES.items()
    ),
    default=Value(timedelta()),
    output_field=DurationField(),
)


def conversations_visible_to(asker: Asker) -> QuerySet[Conversation]:
    """Return one's own; for clinicians and nurses also those of their desk.

    Managers, integrators and everybody else see nothing of what others say.
    """
    principal = asker.principal
    if principal is not None and principal.sees_every_department:
        return Conversation.objects.all()
    mine = own(asker)
    if principal is not None and principal.role in DESK_ROLES:
        mine |= _at_desk_of(principal)
    return Conversation.objects.filter(mine)


def own(asker: Asker) -> Q:
    """Return which conversations are the asker's own; no row for nobody."""
    theirs = Q(pk__in=())
    if asker.principal is not None:
        theirs |= Q(owner=asker.principal.user)
    if asker.key_digest:
        theirs |= Q(key_digest=asker.key_digest)
    return theirs


def own_conversations(asker: Asker) -> QuerySet[Conversation]:
    """Return the asker's own conversations, the newest first."""
    return Conversation.objects.filter(own(asker))


def is_own(conversation: Conversation, asker: Asker) -> bool:
    """Whether the conversation belongs to whoever asks."""
    if asker.principal is not None and conversation.owner_id == asker.principal.user.pk:
        return True
    return bool(asker.key_digest) and conversation.key_digest == asker.key_digest


def desk_of(principal: Principal) -> QuerySet[Conversation]:
    """Return what waits for the principal or is with a person, the most urgent first.

    A life in danger goes before a crisis, and acuity before waiting time, in which who
    is distressed or angry is a few minutes ahead.
    """
    rows = Conversation.objects.filter(state__in=[State.WAITING, State.HUMAN])
    if not principal.sees_every_department:
        rows = rows.filter(_at_desk_of(principal))
    return rows.select_related("department", "taken_by").order_by(
        *("-is_immediate", "-is_crisis", "-urgency", COUNTS_FROM, "created", "id")
    )


def may_serve(principal: Principal | None) -> bool:
    """Whether the person answers at the desk."""
    return principal is not None and principal.role in DESK_ROLES


def turns_shown(conversation: Conversation) -> QuerySet[Turn]:
    """Return what people read of a conversation: not the answers that were replaced."""
    return (
        conversation.turns.exclude(state=TurnState.REPLACED)
        .select_related("writer")
        .order_by("number")
    )


def open_answer(conversation: Conversation) -> Turn | None:
    """Return the answer that is being made; the database keeps that it is one at most."""
    openly = conversation.turns.filter(author=Author.BOT, state__in=OPEN_TURNS)
    return next(iter(openly.order_by()), None)


def ahead_of(conversation: Conversation) -> int:
    """Return how many wait before it, in the order of the desk."""
    waiting = Conversation.objects.filter(state=State.WAITING)
    before, alike = Q(pk__in=()), Q()
    for name in ("is_immediate", "is_crisis", "urgency"):
        own = getattr(conversation, name)
        before |= alike & Q(**{f"{name}__gt": own})
        alike &= Q(**{name: own})
    before |= alike & Q(since__lt=conversation.counts_from)
    return waiting.alias(since=COUNTS_FROM).filter(before).count()


def departments_offered() -> frozenset[str] | None:
    """Return the codes of the hospital's departments; None before any is entered."""
    return frozenset(Department.objects.values_list("code", flat=True)) or None


def department_names(
    codes: Sequence[str],
    *,
    language: str,
    departments: Iterable[Department] | None = None,
) -> dict[str, str]:
    """Return the hospital's own names of departments by code, or the rules' names.

    Args:
        codes: Of the departments that are named.
        language: Of the names.
        departments: The hospital's, where they were read already.
    """
    if departments is None:
        departments = Department.objects.filter(code__in=codes)
    with in_language(language):
        own_names = {each.code: str(each) for each in departments}
    return {
        code: own_names.get(code)
        or (name_zh(code) if language == "zh" else code[:1].upper() + code[1:])
        for code in codes
    }


def answers_waiting() -> dict[UUID, UUID]:
    """Return the answers that are being made or waited for, by their conversations."""
    openly = Turn.objects.filter(author=Author.BOT, state__in=OPEN_TURNS)
    return dict(openly.values_list("conversation", "pk").order_by())


def unanswered_turns(conversation: Conversation) -> QuerySet[Turn]:
    """Return the patient's turns after the last one that the bot or staff answered."""
    answered = (
        conversation.turns.exclude(state__in=[*OPEN_TURNS, TurnState.REPLACED])
        .filter(author__in=[Author.BOT, Author.STAFF])
        .order_by("-number")
    )
    last = answered.values_list("question__number", "number").first()
    since = next(filter(None, last or ()), 0)
    return conversation.turns.filter(author=Author.PATIENT, number__gt=since).order_by(
        "number"
    )


def _at_desk_of(principal: Principal) -> Q:
    """What staff see: what they hold, and what their departments wait for or hold.

    A crisis or an emergency is for whoever comes first, of any department.
    """
    is_open = Q(state__in=(State.WAITING, State.HUMAN))
    is_ours = Q(department=None) | Q(department__in=principal.department_ids)
    is_grave = Q(is_crisis=True) | Q(urgency=EMERGENCY)
    return Q(taken_by=principal.user) | is_open & (is_ours | is_grave)
