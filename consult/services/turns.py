"""One more turn of a conversation whose row is locked."""

from typing import Any

from consult.models import Conversation, Turn


def add_turn(row: Conversation, **fields: Any) -> Turn:  # Any: the model's fields
    """Return a new turn with the next number; the caller holds the row's lock."""
    row.last_number += 1
    row.save(update_fields=["last_number", "updated"])
    return Turn.objects.create(conversation=row, number=row.last_number, **fields)


def locked(conversation: Conversation) -> Conversation:
    """Return the newest row, locked until the transaction ends."""
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
