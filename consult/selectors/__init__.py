"""What people may read of conversations."""

from consult.selectors.conversations import (
    DESK_ROLES,
    conversations_visible_to,
    desk_of,
    may_serve,
    own,
)

__all__ = ["DESK_ROLES", "conversations_visible_to", "desk_of", "may_serve", "own"]
