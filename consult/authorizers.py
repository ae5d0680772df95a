"""Who hears a conversation, and how it stands for a page that begins to listen."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from consult.askers import Asker, asker_of
from consult.models import Author, Conversation, Turn
from consult.opened import note_opening
from consult.selectors import conversations_visible_to, may_serve
from consult.selectors.conversations import turns_shown
from consult.services.telling import (
    done_event,
    message_event,
    safety_event,
    sentence_events,
)
from consult.speaking import in_language
from hospital.accounts.principal import Principal

Told = dict[str, Any]  # Any: JSON of an event


def may_hear_conversation(principal: Principal, conversation_id: str) -> bool:
    """Whether the account sees the conversation; hearing another's is reading it."""
    row = _seen(Asker(principal), conversation_id)
    if row is not None:
        note_opening(principal, row)
    return row is not None


def stranger_may_hear(request: HttpRequest, conversation_id: str) -> bool:
    """Whether the request brings the secret that the conversation was begun with."""
    stranger = Asker(None, asker_of(request).key_digest)
    return _seen(stranger, conversation_id) is not None


def may_hear_desk(principal: Principal, _key: str) -> bool:
    return may_serve(principal) or principal.sees_every_department


def conversation_standing(conversation_id: str) -> list[Told]:
    """Return the last exchange as its events: danger first, then what was answered."""
    known = _as_uuid(conversation_id)
    if known is None:
        return []
    row = Conversation.objects.filter(pk=known).first()
    if row is None:
        return []
    asked = row.turns.filter(author=Author.PATIENT).order_by("-number").first()
    if asked is None:
        return []
    asked.conversation = row
    later = turns_shown(row).filter(number__gt=asked.number)
    told: list[Told] = [{"event": "safety", **safety_event(asked)}]
    for turn in later:
        turn.conversation = row
        told += _retold(turn)
    return told


def _retold(turn: Turn) -> Iterator[Told]:
    if turn.author != Author.BOT:
        yield {"event": "message", **message_event(turn)}
        return
    if turn.is_open:
        with in_language(turn.conversation.language):
            words = _("Searching the library…")
        yield {
            "event": "status",
            "turn": str(turn.pk),
            "phase": "searching",
            "words": words,
            "found": None,
        }
    for n in range(len(turn.answer.get("sentences", ()))):
        for event, data in sentence_events(turn, n):
            yield {"event": event, **data}
    if not turn.is_open:
        yield {"event": "done", **done_event(turn)}


def _seen(asker: Asker, conversation_id: str) -> Conversation | None:
    known = _as_uuid(conversation_id)
    if known is None or asker.is_nobody:
        return None
    return conversations_visible_to(asker).filter(pk=known).first()


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
