"""From the bot to a human and back: who answers in a conversation.

The moves are kept by the database (`consult.models.MOVES`); each service locks the row,
so that two who take the same conversation at once do not both have it.
"""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.models import (
    Author,
    Conversation,
    Kind,
    Reason,
    State,
    Turn,
)
from consult.notices import WAITING
from consult.selectors.conversations import DESK_ROLES, EMERGENCY, open_answer
from consult.selectors.guidance import is_desk_open, out_of_hours_words
from consult.services.encounters import write_encounter
from consult.services.endings import stop_open
from consult.services.telling import tell_done, tell_handover, tell_message
from consult.services.turns import add_turn, locked
from consult.speaking import in_language
from consult.texts import clean
from hospital.accounts.models import Department, User
from hospital.accounts.principal import Principal
from hospital.core.errors import Conflict, NotPermitted
from hospital.jobs.events import publish
from hospital.notices.services import notify

DESK_TOPIC = "desk:all"
EMERGENCY_DEPARTMENT = "emergency"


@transaction.atomic
def request_human(*, conversation: Conversation) -> Conversation:
    """Have the conversation wait for a person, as the patient asked; twice is once.

    Raises:
        Conflict: The conversation is closed.
    """
    row = _still_open(conversation)
    if row.state == State.BOT:
        ask_for_human(row, reason=Reason.ASKED)
    return row


@transaction.atomic
def withdraw_request(*, conversation: Conversation) -> Conversation:
    """Go back to the bot while nobody has taken the conversation yet."""
    row = _still_open(conversation)
    if row.state == State.HUMAN:
        raise Conflict(
            _("A person has taken the conversation already."), code="taken_already"
        )
    if row.state == State.WAITING:
        if row.emergency_since is not None:
            row.emergency_since = timezone.now()  # its card waits for an answer anew
        _move(row, State.BOT)
        tell_handover(row, words="")
    return row


def ask_for_human(row: Conversation, *, reason: Reason, is_noted: bool = True) -> None:
    """Let a locked conversation wait for a person, and tell the patient and the staff.

    Without a note the caller answers the patient itself, by `reply_waiting`.
    """
    if row.state != State.BOT:
        return
    row.department = _department_with_staff(row)
    row.handover_reason = reason
    _move(row, State.WAITING)
    words = _waiting_words(row)
    if is_noted:
        _note(row, _waiting_kind(), words)
    tell_handover(row, words=words)
    _call(row)
    write_encounter(row)


def call_to_danger(row: Conversation, *, reason: Reason, is_called: bool) -> None:
    """Call people to a danger that is told while somebody is awaited or holds the talk.

    Args:
        row: The locked conversation.
        reason: What danger it is.
        is_called: Whether they were called to one a moment ago; then a graver one calls.
    """
    has_risen = row.handover_reason not in (Reason.CRISIS, reason)
    if has_risen:
        row.handover_reason = reason
        row.save(update_fields=["handover_reason", "updated"])
    if has_risen or not is_called:
        _call(row)


def reply_waiting(question: Turn) -> Turn:
    """Answer a message at once with how the wait stands; no worker is needed for it."""
    row = question.conversation
    going = open_answer(row)
    if going is not None:
        going.conversation = row
        stop_open(going)
    words = _waiting_words(row)
    reply = add_turn(
        row,
        author=Author.BOT,
        kind=_waiting_kind(),
        question=question,
        text=words,
        urgency=row.urgency,
        finished=timezone.now(),
        answer={
            "sentences": [{"text": words, "passages": []}],
            "passages": [],
            "follow": question.outcome.get("question"),
        },
    )
    tell_done(reply, untold=[0])
    return reply


@transaction.atomic
def take_conversation(*, conversation: Conversation, staff: User) -> Conversation:
    """Take a conversation that waits; the bot is silent from now on.

    Raises:
        Conflict: Somebody else has it, or it does not wait.
    """
    row = locked(conversation)
    if row.state == State.HUMAN and row.taken_by_id == staff.pk:
        return row
    if row.state == State.HUMAN:
        raise Conflict(
            _("%(name)s has taken this conversation already.")
            % {"name": _name(row.taken_by)},
            code="taken_already",
        )
    if row.state != State.WAITING:
        raise Conflict(
            _("This conversation does not wait for anybody now."), code="not_waiting"
        )
    going = open_answer(row)
    if going is not None:
        going.conversation = row
        stop_open(going)
    row.taken_by = staff
    _move(row, State.HUMAN)
    with in_language(row.language):
        words = _("%(name)s is here and answers you now.") % {"name": _name(staff)}
    _note(row, Kind.TAKEN, words)
    tell_handover(row, words=words, staff=_name(staff))
    write_encounter(row)
    return row


@transaction.atomic
def hand_back(*, conversation: Conversation, staff: Principal) -> Conversation:
    """Give a conversation back to the bot.

    Raises:
        NotPermitted: Somebody else holds it.
    """
    row = _held(conversation, staff)
    row.taken_by, row.failures = None, 0
    if row.emergency_since is not None:
        row.acknowledged = row.acknowledged or timezone.now()
    _move(row, State.BOT)
    with in_language(row.language):
        words = _("The assistant answers again. You can ask for a person at any time.")
    _note(row, Kind.RETURNED, words)
    tell_handover(row, words=words)
    return row


@transaction.atomic
def put_back(*, conversation: Conversation, staff: Principal) -> Conversation:
    """Let a conversation wait for somebody else.

    Raises:
        NotPermitted: Somebody else holds it.
    """
    row = _held(conversation, staff)
    _wait_again(row)
    return row


def let_go(row: Conversation) -> None:
    """Let a locked conversation wait again whose holder left, and call the staff to it."""
    _wait_again(row)
    _call(row)


@transaction.atomic
def close_conversation(
    *, conversation: Conversation, staff: Principal | None = None
) -> Conversation:
    """Close a conversation: its owner at any time, staff only what they hold.

    Raises:
        NotPermitted: Somebody else holds it.
    """
    row = _held(conversation, staff) if staff else locked(conversation)
    if row.state == State.CLOSED:
        return row
    going = open_answer(row)
    if going is not None:
        going.conversation = row
        stop_open(going)
    row.closed = timezone.now()
    _move(row, State.CLOSED)
    with in_language(row.language):
        words = _("This conversation is closed.")
    _note(row, Kind.CLOSED, words)
    tell_handover(row, words=words)
    if staff:
        write_encounter(row)
    return row


@transaction.atomic
def write_to_patient(
    *, conversation: Conversation, staff: Principal, text: str
) -> Turn:
    """Answer as a person of the hospital.

    Raises:
        NotPermitted: The conversation is not with this person.
        InvalidInput: The message is empty or too long.
    """
    row = _held(conversation, staff)
    turn = add_turn(
        row,
        author=Author.STAFF,
        writer=staff.user,
        text=clean(text),
        urgency=row.urgency,
    )
    tell_message(turn)
    tell_desk(row)
    return turn


@transaction.atomic
def correct_answer(*, answer: Turn, staff: User, text: str) -> Turn:
    """Keep what the bot should have said; the patient's page shows what it did say."""
    if answer.author != Author.BOT or answer.is_open:
        raise Conflict(
            _("Only an answer of the assistant can be corrected."), code="not_an_answer"
        )
    answer.corrected_text, answer.corrected_by = clean(text), staff
    answer.save(update_fields=["corrected_text", "corrected_by", "updated"])
    return answer


def tell_desk(row: Conversation) -> None:
    """Tell the desk's pages that something of a conversation they may show changed."""
    if row.state in (State.WAITING, State.HUMAN, State.CLOSED) or row.taken_by_id:
        data = {"conversation": str(row.pk), "state": str(row.state)}
        transaction.on_commit(partial(publish, DESK_TOPIC, "desk", data))


def _still_open(conversation: Conversation) -> Conversation:
    row = locked(conversation)
    if row.state == State.CLOSED:
        raise Conflict(
            _("This conversation is closed. Begin a new one."),
            code="conversation_closed",
        )
    return row


def _held(conversation: Conversation, staff: Principal) -> Conversation:
    row = locked(conversation)
    if row.state != State.HUMAN or row.taken_by_id != staff.user.pk:
        raise NotPermitted(
            _("You do not hold this conversation. Take it first."), code="not_held"
        )
    return row


def _wait_again(row: Conversation) -> None:
    row.taken_by = None
    _move(row, State.WAITING)
    note = _note(row, _waiting_kind(), _waiting_words(row))
    tell_handover(row, words=note.text)


def _call(row: Conversation) -> None:
    holder = [row.taken_by] if row.taken_by else []
    notify(
        [*_people_for(row), *holder],
        kind=WAITING,
        values={"level": row.level, "reason": str(row.handover_reason)},
        link=reverse("desk:talk", args=[row.pk]),
        subject_id=row.pk,
    )


def _move(row: Conversation, state: State) -> None:
    row.state = state
    row.waiting_since = timezone.now() if state == State.WAITING else None
    if state == State.BOT:
        row.handover_reason = ""  # the next danger without an answer calls again
        row.interview = {**row.interview, "wants_human": False}  # and goes on asking
    row.save()
    transaction.on_commit(
        partial(
            publish,
            DESK_TOPIC,
            "desk",
            {"conversation": str(row.pk), "state": str(state)},
        )
    )


def _note(row: Conversation, kind: Kind, words: str) -> Turn:
    note = add_turn(row, author=Author.NOTE, kind=kind, text=words)
    tell_message(note)
    return note


def _waiting_kind() -> Kind:
    return Kind.WAITING if is_desk_open(timezone.now()) else Kind.OUT_OF_HOURS


def _waiting_words(row: Conversation) -> str:
    if not is_desk_open(timezone.now()):
        return out_of_hours_words(row.language)
    with in_language(row.language):
        return _(
            "A person of the hospital has been told and joins this conversation as soon "
            "as possible. You can go on writing meanwhile."
        )


def _department_with_staff(row: Conversation) -> Department | None:
    """Return the first department of the rules that this hospital has people in."""
    known = {
        each.code: each
        for each in Department.objects.filter(
            code__in=row.department_codes,
            people__role__in=DESK_ROLES,
            people__is_active=True,
        )
    }
    return next((known[code] for code in row.department_codes if code in known), None)


def _people_for(row: Conversation) -> QuerySet[User]:
    """Return who is told: the department; for a danger the emergency department too."""
    desk = User.objects.filter(role__in=DESK_ROLES, is_active=True)
    codes = [row.department.code] if row.department else []
    if row.is_crisis or row.urgency == EMERGENCY:
        codes.append(EMERGENCY_DEPARTMENT)
    named = desk.filter(departments__code__in=codes).distinct()
    return named if codes and named.exists() else desk


def _name(user: User | None) -> str:
    """Return the name that a patient reads; a user name is nobody's business."""
    name = user.get_full_name() if user else ""
    return name or _("A member of staff")
