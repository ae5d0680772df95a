"""Conversations for tests: begun, written in, waiting, with a person."""

from typing import Any

from django.utils import timezone

from consult.askers import Asker, digest_of_secret, new_secret
from consult.models import Author, Conversation, Kind, State, Turn
from consult.services.handover import request_human, take_conversation
from consult.services.messages import Taken, take_message
from consult.services.opening import About, open_conversation
from hospital.accounts.models import Department, User
from hospital.accounts.principal import principal_for


def strangers_talk(secret: str = "", **about: Any) -> Conversation:
    asker = Asker(None, digest_of_secret(secret or new_secret()))
    return open_conversation(asker=asker, about=About(**about))


def persons_talk(user: User) -> Conversation:
    return open_conversation(asker=Asker(principal_for(user)), about=About())


def write(conversation: Conversation, text: str) -> Taken:
    return take_message(conversation=conversation, text=text)


def waiting_talk(department: Department | None = None) -> Conversation:
    """Return a stranger's conversation that waits, of a department where one is named."""
    row = request_human(conversation=strangers_talk())
    if department is not None:
        row.department = department
        row.save()
    return row


def taken_talk(staff: User) -> Conversation:
    return take_conversation(conversation=waiting_talk(), staff=staff)


def desk_rows(department: Department) -> dict[str, str]:
    """Return the ids of a conversation that waits for a department, and of an answer."""
    row = Conversation.objects.create(
        key_digest="0" * 64,
        state=State.WAITING,
        waiting_since=timezone.now(),
        department=department,
        last_number=1,
    )
    turn = Turn.objects.create(
        conversation=row, number=1, author=Author.BOT, kind=Kind.WAITING, text="Wait."
    )
    return {"talk_id": str(row.pk), "turn_id": str(turn.pk)}
