"""An answer of the bot is asked for, made piece by piece, ended, stopped, made anew.

A conversation has one open answer at most, and a question one answer: the database keeps
both. A worker writes only while the answer is open, so that stopping it takes effect at
once, whatever the worker still does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.models import (
    Author,
    Conversation,
    Kind,
    Mood,
    Reason,
    State,
    Turn,
    TurnState,
)
from consult.selectors.conversations import open_answer, unanswered_turns
from consult.services.endings import close, stop_open, text_of
from consult.services.handover import ask_for_human
from consult.services.telling import tell_sentences, tell_status
from consult.services.turns import add_turn, locked
from consult.speaking import in_language
from hospital.core.errors import Conflict
from hospital.jobs.models import Job
from hospital.jobs.services import enqueue

ANSWER = "consult.answer"
FAILURES_BEFORE_HUMAN = 2


# What an ending reads of a conversation and of its answer; more where a human is called.
OF_THE_ROW = ("state", "language", "mood", "failures", "urgency", "last_number")
OF_THE_TURN = ("state", "answer", "created", "number", "conversation", "question")


class AnswerEnded(Exception):
    """Somebody stopped the answer, or a human took over: the worker has nothing to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of an answer, and the citations of the passages it stands on.

    Attributes:
        under: The heading that it stands under, where an answer has several parts.
        term: The word that it explains.
        where: The sentence in which that word stands.
    """

    text: str
    passages: tuple[str, ...] = ()
    under: str = ""
    term: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ends.

    Attributes:
        kind: What it is.
        sentences: All of them; those told already are not told again.
        passages: What the sentences cite, as it is shown.
        extras: Further members of `Turn.answer`: refusal, question, suggestions.
        abstained: Whether the library had nothing that answers.
        mood: How the person sounds, as far as that was learned; empty where it was not.
    """

    kind: Kind
    sentences: Sequence[Said] = ()
    passages: Sequence[Mapping[str, Any]] = ()  # Any: JSON
    extras: Mapping[str, Any] = field(default_factory=dict)  # Any: as above
    abstained: bool = False
    mood: str = ""


def ask_for_answer(question: Turn) -> Turn:
    """Queue the answer to a patient's turn; the caller holds the conversation's lock."""
    answer_id = uuid4()
    job = enqueue(
        kind=ANSWER,
        key=str(answer_id),
        owner=None,
        subject_id=question.conversation_id,
        payload={"answer": str(answer_id)},
    )
    answer = add_turn(
        question.conversation,
        id=answer_id,
        author=Author.BOT,
        kind=Kind.ANSWER,
        state=TurnState.QUEUED,
        question=question,
        job=job,
    )
    with in_language(question.conversation.language):
        tell_status(
            answer, phase="queued", words=_("Your question waits for its turn…")
        )
    return answer


@transaction.atomic(savepoint=False)
def begin_answer(answer_id: UUID) -> tuple[Turn, list[Turn]]:
    """Return the open answer and the patient's turns that it is for, oldest first.

    What an attempt before has told is taken back.

    Raises:
        AnswerEnded: It is open no more.
    """
    answer = _open(answer_id)
    with in_language(answer.conversation.language):
        if answer.state == TurnState.ANSWERING:
            tell_status(answer, phase="again", words=_("Once more…"))
        tell_status(answer, phase="searching", words=_("Searching the library…"))
    answer.state = TurnState.ANSWERING
    answer.answer = {"sentences": [], "passages": []}
    answer.save(update_fields=["state", "answer", "updated"])
    turns = list(unanswered_turns(answer.conversation))
    return answer, turns or [_question_of(answer)]


@transaction.atomic
def say(answer_id: UUID, said: Said) -> None:
    """Add a sentence to an open answer, and tell it.

    Raises:
        AnswerEnded: It is open no more.
    """
    answer = _open(answer_id)
    _note_first(answer)
    answer.answer["sentences"].append(_as_json(said))
    answer.save(update_fields=["answer", "updated"])
    tell_sentences(answer, [len(answer.answer["sentences"]) - 1])


@transaction.atomic
def take_back(answer_id: UUID) -> None:
    """Drop what was said of an open answer, and tell open pages to drop it.

    Raises:
        AnswerEnded: It is open no more.
    """
    answer = _open(answer_id)
    answer.answer["sentences"] = []
    answer.save(update_fields=["answer", "updated"])
    with in_language(answer.conversation.language):
        tell_status(answer, phase="again", words=_("Quoting the library instead…"))


@transaction.atomic(savepoint=False)
def end_answer(answer_id: UUID, ending: Ending) -> Turn:
    """Write an open answer as it is complete, and go on with what was asked meanwhile.

    Raises:
        AnswerEnded: It is open no more.
    """
    answer = _open(answer_id, row=OF_THE_ROW, turn=OF_THE_TURN)
    told = len(answer.answer.get("sentences", ()))
    sentences = [_as_json(said) for said in ending.sentences]
    _note_first(answer)
    answer.answer = {
        **ending.extras,
        "first_ms": answer.answer["first_ms"],
        "sentences": sentences,
        "passages": [dict(passage) for passage in ending.passages],
    }
    answer.kind, answer.abstained = ending.kind, ending.abstained
    answer.text = text_of(sentences, language=answer.conversation.language)
    close(answer, TurnState.DONE, untold=range(told, len(sentences)))
    _count_failure(answer.conversation, failed=ending.abstained)
    _hear(answer.conversation, ending.mood)
    _answer_next(answer)
    return answer


@transaction.atomic
def stop_answer(*, conversation: Conversation) -> bool:
    """Stop the answer that is being made, and return whether there was one."""
    row = locked(conversation)
    answer = open_answer(row)
    if answer is None:
        return False
    answer.conversation = row
    stop_open(answer)
    _answer_next(answer)
    return True


@transaction.atomic
def answer_again(*, conversation: Conversation) -> Turn:
    """Replace the newest answer of the bot by another one, which is queued.

    Raises:
        Conflict: There is none, it is being made, or a human owns the talk.
    """
    row = locked(conversation)
    if not row.is_with_bot:
        raise Conflict(
            _("The assistant does not answer in this conversation now."),
            code="bot_is_silent",
        )
    if open_answer(row) is not None:
        raise Conflict(_("The answer is being made already."), code="answering")
    last = (
        row.turns.filter(author=Author.BOT, question__isnull=False)
        .exclude(state=TurnState.REPLACED)
        .order_by("-number")
        .select_related("question")
        .first()
    )
    if last is None or last.question is None:
        raise Conflict(_("There is no answer to replace yet."), code="no_answer")
    last.state = TurnState.REPLACED
    last.save(update_fields=["state", "updated"])
    last.question.conversation = row
    return ask_for_answer(last.question)


@transaction.atomic
def fail_answer(job: Job) -> None:
    """Say honestly that no answer came of a job that failed; nothing waits for it."""
    named = Turn.objects.filter(job=job).values_list("pk", flat=True).first()
    if named is None:
        return
    try:
        answer = _open(named)
    except AnswerEnded:
        return
    with in_language(answer.conversation.language):
        answer.text = _(
            "Something went wrong and there is no answer. Try again, or ask for a person."
        )
    answer.kind = Kind.UNAVAILABLE
    answer.answer = {"sentences": [], "passages": []}
    close(answer, TurnState.FAILED)
    _count_failure(answer.conversation, failed=True)
    _answer_next(answer)


def _open(
    answer_id: UUID, *, row: Sequence[str] = (), turn: Sequence[str] = ()
) -> Turn:
    """Return an open answer, its conversation locked; with these columns where named."""
    rows = Conversation.objects.select_for_update(of=("self",))
    try:
        conversation = rows.only(*row).get(turns=answer_id)
        answer = Turn.objects.only(*turn).get(pk=answer_id)
    except (Conversation.DoesNotExist, Turn.DoesNotExist):
        raise AnswerEnded from None
    if not answer.is_open:
        raise AnswerEnded
    answer.conversation = conversation
    return answer


def _question_of(answer: Turn) -> Turn:
    if answer.question is None:
        raise AnswerEnded
    return answer.question


def _note_first(answer: Turn) -> None:
    """Keep how long the patient waited for the first sentence."""
    waited = timezone.now() - answer.created
    answer.answer.setdefault("first_ms", round(waited.total_seconds() * 1000))


def _as_json(said: Said) -> dict[str, Any]:
    parts = {"under": said.under, "term": said.term, "where": said.where}
    told = {name: words for name, words in parts.items() if words}
    return {"text": said.text, "passages": list(said.passages), **told}


def _count_failure(row: Conversation, *, failed: bool) -> None:
    """Count answers in a row that found nothing; the second one calls a human."""
    failures = row.failures + 1 if failed else 0
    if failures == row.failures:
        return
    row.failures = failures
    row.save(update_fields=["failures", "updated"])
    if row.failures >= FAILURES_BEFORE_HUMAN and row.state == State.BOT:
        ask_for_human(row, reason=Reason.FAILED)


def _hear(row: Conversation, mood: str) -> None:
    """Keep how the person sounds, and call a human to somebody in strong distress."""
    if not mood or Mood.values.index(mood) <= Mood.values.index(row.mood):
        return
    row.mood = mood
    row.save(update_fields=["mood", "updated"])
    if mood == Mood.DISTRESSED and row.state == State.BOT:
        ask_for_human(row, reason=Reason.DISTRESS)


def _answer_next(answer: Turn) -> None:
    """Queue one answer for all that the patient wrote while the last one was made."""
    row = answer.conversation
    if not row.is_with_bot or row.last_number == answer.number:
        return
    newest = unanswered_turns(row).order_by("-number").first()
    if newest is not None:
        newest.conversation = row
        ask_for_answer(newest)
