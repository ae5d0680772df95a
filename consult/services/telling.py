"""Tells open pages what happens in a conversation, once it is kept.

Safety goes first by its place: whoever writes a patient's turn tells it before anything
else of that turn is told or queued.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction

from consult.models import Conversation, Turn
from hospital.jobs.events import publish_all

Data = Mapping[str, Any]  # JSON of an event


def tell(conversation: Conversation, *events: tuple[str, Data]) -> None:
    transaction.on_commit(partial(publish_all, conversation.topic, events))


def tell_asked(turn: Turn) -> None:
    """Tell of a patient's turn, danger first."""
    tell(
        turn.conversation,
        ("safety", safety_event(turn)),
        ("message", message_event(turn)),
    )


def tell_message(turn: Turn) -> None:
    tell(turn.conversation, ("message", message_event(turn)))


def tell_status(
    turn: Turn, *, phase: str, words: str, found: int | None = None
) -> None:
    """Tell what is done for an answer; `again` has the page drop its sentences."""
    data = {"turn": str(turn.pk), "phase": phase, "words": words, "found": found}
    tell(turn.conversation, ("status", data))


def tell_sentences(turn: Turn, numbers: Iterable[int]) -> None:
    """Tell sentences of an answer by their places, all at once."""
    tell(
        turn.conversation, *(each for n in numbers for each in sentence_events(turn, n))
    )


def tell_done(turn: Turn, *, untold: Iterable[int] = ()) -> None:
    """Tell how an answer ended, behind those of its sentences that were not told yet."""
    sentences = (each for n in untold for each in sentence_events(turn, n))
    tell(turn.conversation, *sentences, ("done", done_event(turn)))


def tell_handover(conversation: Conversation, *, words: str, staff: str = "") -> None:
    data = {"state": str(conversation.state), "words": words, "staff_name": staff}
    tell(conversation, ("handover", data))


def safety_event(turn: Turn) -> dict[str, Any]:  # Any: JSON
    """Return what is told of a patient's turn before anything else."""
    return {
        "turn": str(turn.pk),
        "number": turn.number,
        "level": turn.level,
        "acuity": turn.outcome.get("acuity"),
        "emergency": bool(turn.outcome.get("emergency")),
        "crisis": bool(turn.outcome.get("crisis")),
        "card": turn.card,
    }


def message_event(turn: Turn) -> dict[str, Any]:  # Any: as above
    """Return what is told of a turn that is read by REST: not its words."""
    return {"turn": str(turn.pk), "number": turn.number, "author": str(turn.author)}


def sentence_events(turn: Turn, n: int) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield the events of one sentence of an answer."""
    sentence = turn.answer["sentences"][n]
    yield "token", {"turn": str(turn.pk), "n": n, "text": sentence["text"]}
    if sentence["passages"]:
        data = {"turn": str(turn.pk), "n": n, "passages": sentence["passages"]}
        yield "citation", data


def done_event(turn: Turn) -> dict[str, Any]:  # Any: JSON
    return {
        "turn": str(turn.pk),
        "number": turn.number,
        "state": str(turn.state),
        "kind": str(turn.kind),
        "level": turn.conversation.level,
        "acuity": turn.conversation.acuity,
    }
