"""What people may read of conversations."""

from consult.selectors.conversations import (
    DESK_ROLES,
    conversations_visible_to,
    desk_of,
    is_own,
    may_serve,
    own,
    own_conversations,
)

__all__ = [
    "DESK_ROLES",
    "conversations_visible_to",
    "desk_of",
    "is_own",
    "may_serve",
    "own",
    "own_conversations",
]
