"""A message of the patient's is judged, kept, told, and an answer is asked for.

Danger is judged by rules inside the request, before anything is queued: no worker, no
model and no library is waited for. Nothing lowers the level of a conversation.
"""

import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.dialogue.interview import State as Interview
from consult.dialogue.interview import Step, next_step, read_state, why_for_patient
from consult.dialogue.request import RequestError
from consult.intent.intents import wants_human
from consult.language.detect import HAN
from consult.language.mood import mood_of
from consult.language.normalize import is_pinyin, language_of
from consult.models import Author, Conversation, Mood, Reason, State, Turn
from consult.safety.check import CRISES, Finding, check
from consult.safety.levels import LEVELS
from consult.selectors.conversations import (
    answers_waiting,
    departments_offered,
    open_answer,
)
from consult.selectors.guidance import card_json
from consult.services.answers import ask_for_answer
from consult.services.encounters import renew_encounter
from consult.services.handover import (
    ask_for_human,
    call_to_danger,
    reply_waiting,
    tell_desk,
)
from consult.services.telling import tell_asked
from consult.services.turns import locked
from consult.speaking import as_language, in_language
from consult.texts import clean, title_of
from hospital.core.errors import Conflict, DomainError

MOST_READ_BYTES = 60_000  # of what was said before, when danger is looked for
OF_DOUBT = "unsure."  # of the codes that ask plainly for a danger
# What a message may change of its conversation.
JUDGED = (
    *("interview", "urgency", "is_immediate", "is_crisis", "language"),
    *("mood", "angry_turns"),
    *("department_codes", "title", "last_number", "emergency_since"),
    *("acknowledged", "updated"),
)
_TELLING = re.compile(f"[{HAN}]|(?:[A-Za-z]+[^A-Za-z]+){{2}}[A-Za-z]+")


class Busy(DomainError):
    """Too many answers wait already."""

    status = 429
    retry_after_s = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message.

    Attributes:
        turn: The patient's turn.
        answer: The turn that answers it, or will; None where a human owns the talk, or
            the card is all that is answered.
        is_queued: Whether the bot still makes the answer before; the message is joined
            to the next one.
    """

    turn: Turn
    answer: Turn | None
    is_queued: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules make of a message within its conversation."""

    step: Step
    fresh: tuple[Finding, ...]
    card: dict[str, Any] | None  # Any: JSON
    wants_human: bool
    mood: str

    @property
    def is_crisis(self) -> bool:
        return any(found.kind in CRISES for found in self.fresh)

    @property
    def is_pressing(self) -> bool:
        """Whether it is kept however many wait for an answer.

        It tells a danger, puts one in doubt, or asks for a person, which needs no worker.
        """
        asked = self.step.question
        is_doubted = asked is not None and asked.code.startswith(OF_DOUBT)
        return self.card is not None or self.wants_human or is_doubted


@transaction.atomic
def take_message(
    *,
    conversation: Conversation,
    text: str,
    client_id: UUID | None = None,
    spoken: bool = False,
    too_many: DomainError | None = None,
) -> Taken:
    """Keep a message of the one whom the conversation belongs to.

    Args:
        conversation: Where it is written.
        text: What is written.
        client_id: The writer's own name for it: sent twice it is one message.
        spoken: Whether it was dictated.
        too_many: Why one more is refused; a danger is kept all the same, and its card
            is the answer.

    Raises:
        InvalidInput: It is empty or too long.
        Conflict: The conversation is closed; in a danger it says whom to call.
        Busy: Too many answers wait, and the message needs none of a person.
        DomainError: There were too many, and the message tells no danger.
    """
    text = clean(text)
    row = locked(conversation)
    known = row.turns.filter(client_id=client_id).first() if client_id else None
    if known is not None:
        return Taken(known, known.answers.exclude(state="replaced").first())
    judged = _judge(row, text)
    if row.state == State.CLOSED:
        raise Conflict(_closed_words(judged), code="conversation_closed")
    if too_many is not None and judged.card is None:
        raise too_many
    waiting = answers_waiting()
    if row.is_with_bot and not judged.is_pressing:
        _refuse_when_busy(len(waiting))
    had_open_card = row.emergency_since is not None and row.acknowledged is None
    turn = _keep(row, text, judged, client_id=client_id, spoken=spoken)
    renew_encounter(row)
    tell_asked(turn)
    is_unanswered = had_open_card and judged.card is not None
    is_answering = row.pk in waiting  # nobody begins another one: the row is locked
    return _go_on(
        turn,
        judged,
        is_unanswered=is_unanswered,
        is_answering=is_answering,
        is_over=too_many is not None,
    )


def warm_up() -> None:
    """Read the rules and tables, so that nobody's first message waits for them."""
    next_step(Interview(), "fever")  # an empty message needs none of the tables


def _judge(row: Conversation, text: str) -> Judged:
    language = row.language
    if _TELLING.search(text) or is_pinyin(text):
        language = language_of(text)
    state = replace(_interview_of(row), language=as_language(language))
    step = next_step(
        state, text, offered=departments_offered(), is_held=not row.is_with_bot
    )
    alone = check((text,))
    outcomes = row.turns.filter(author=Author.PATIENT).values_list("outcome", flat=True)
    before = outcomes.order_by("-number").first() or {}
    known = set(before.get("rules", ()))
    fresh = {
        each.rule: each
        for each in (*step.outcome.safety.heard, *alone.heard)
        if each.rule not in known
    }
    fresh |= {each.rule: each for each in alone.heard}
    found = tuple(fresh.values())
    has_risen = step.level == "emergency" and row.level != "emergency"
    is_grave = any(each.level == "emergency" or each.kind in CRISES for each in found)
    card = None
    if has_risen or is_grave:
        told = found or step.outcome.safety.findings  # a doubt that an answer settled
        language = step.outcome.language
        why = why_for_patient(step.state.why, step.level, language)
        card = card_json(told, language=language, why=why)
    said = alone.reading
    return Judged(step, found, card, wants_human(said), mood_of(said))


def _interview_of(row: Conversation) -> Interview:
    """Return the interview so far; what is read again stays short, the level is kept."""
    try:
        state = read_state(row.interview)
    except RequestError:  # an older version of the platform wrote it
        return Interview()
    turns = list(state.turns)
    while turns and sum(len(turn.encode()) for turn in turns) > MOST_READ_BYTES:
        turns.pop(0)
    return replace(state, turns=tuple(turns))


def _closed_words(judged: Judged) -> str:
    """Return that nobody reads it here; in a danger also whom to call, and now."""
    if judged.card is None:
        return _("This conversation is closed. Begin a new one.")
    with in_language(judged.step.outcome.language):
        calls = [f"{each['label']}: {each['number']}" for each in judged.card["calls"]]
        return _(
            "This conversation is closed: nobody reads what you write here. %(title)s "
            "Call now: %(calls)s. Then begin a new conversation."
        ) % {"title": judged.card["title"], "calls": "; ".join(calls)}


def _refuse_when_busy(waiting: int) -> None:
    if waiting >= settings.CHAT_QUEUE_LIMIT:
        raise Busy(
            _(
                "Very many people ask at this moment, so your message was not sent. Send it "
                "again in half a minute. If it is urgent, do not wait for an answer here."
            ),
            code="busy",
        )


def _keep(
    row: Conversation,
    text: str,
    judged: Judged,
    *,
    client_id: UUID | None,
    spoken: bool,
) -> Turn:
    step = judged.step
    row.interview = step.state.as_json()
    row.urgency = max(row.urgency, LEVELS.index(step.level))
    row.is_immediate = row.is_immediate or step.state.is_immediate
    row.is_crisis = row.is_crisis or step.outcome.safety.is_crisis or judged.is_crisis
    _feel(row, judged)
    row.department_codes = list(step.outcome.departments)
    row.language = step.outcome.language
    row.title = row.title or title_of(text)
    row.last_number += 1
    if judged.card is not None:
        row.emergency_since, row.acknowledged = timezone.now(), None
    row.save(update_fields=JUDGED)
    return Turn.objects.create(
        conversation=row,
        number=row.last_number,
        author=Author.PATIENT,
        text=text,
        client_id=client_id,
        spoken=spoken,
        urgency=row.urgency,
        outcome=_outcome_json(row, judged),
        card=judged.card,
    )


def _feel(row: Conversation, judged: Judged) -> None:
    """Keep how the person sounds; a calmer word while they wait costs them no place."""
    holds = row.state == State.WAITING or judged.wants_human
    moods = (row.mood, judged.mood) if holds else (judged.mood,)
    row.mood = max(moods, key=Mood.values.index)
    if judged.mood == Mood.ANGRY:
        row.angry_turns += 1
    elif not holds:
        row.angry_turns = 0


def _outcome_json(row: Conversation, judged: Judged) -> dict[str, Any]:
    outcome, step = judged.step.outcome, judged.step
    refusal = outcome.refusal
    asked = step.question
    return {
        "language": outcome.language,
        "intent": outcome.intent,
        "rules": [found.rule for found in outcome.safety.heard],
        "reasons": list(step.state.reasons),
        "departments": list(outcome.departments),
        "mood": judged.mood,
        "emergency": row.level == "emergency",
        "acuity": row.acuity,
        "crisis": row.is_crisis,
        "answer_due": step.answer_due,
        "refusal": refusal
        and {
            "category": refusal.category,
            "why": refusal.why[outcome.language],
            "instead": refusal.instead[outcome.language],
        },
        "question": asked
        and {"code": asked.code, "text": asked.text, "chips": list(asked.chips)},
    }


def _go_on(
    turn: Turn,
    judged: Judged,
    *,
    is_unanswered: bool,
    is_answering: bool,
    is_over: bool,
) -> Taken:
    """Ask a human where one is needed, else the bot."""
    row = turn.conversation
    tell_desk(row)
    if judged.card is not None and row.state != State.BOT:
        danger = Reason.CRISIS if judged.is_crisis else Reason.EMERGENCY
        call_to_danger(row, reason=danger, is_called=is_unanswered)
    if not row.is_with_bot:
        return Taken(turn, None)
    if judged.is_crisis or judged.wants_human:
        reason = Reason.CRISIS if judged.is_crisis else Reason.ASKED
        if row.state == State.BOT:
            ask_for_human(row, reason=reason, is_noted=False)
        return Taken(turn, reply_waiting(turn))
    if is_unanswered:
        ask_for_human(row, reason=Reason.EMERGENCY)
    elif judged.mood == Mood.DISTRESSED:
        ask_for_human(row, reason=Reason.DISTRESS)
    if is_over:
        return Taken(turn, None)
    going = open_answer(row) if is_answering else None
    if going is not None:
        return Taken(turn, going, is_queued=True)
    return Taken(turn, ask_for_answer(turn))
