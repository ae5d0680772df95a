"""The lock of a shared workstation: kept in the session, enforced by the server."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

LOCKED = "locked"
SEEN = "seen"
SEEN_EVERY_S = 15  # a session is written that often at most


def lock(session: SessionBase) -> None:
    """Lock the session; its old key ends, so no request under way can undo it."""
    session[LOCKED] = True
    session.cycle_key()


def unlock(session: SessionBase) -> None:
    """Open the session again, under a new key."""
    session.pop(LOCKED, None)
    session[SEEN] = int(time.time())
    session.cycle_key()


def is_locked(session: SessionBase) -> bool:
    """Return whether the session is locked, by hand or by having been left."""
    return bool(session.get(LOCKED)) or is_left(session)


def is_left(session: SessionBase) -> bool:
    """Return whether nobody has done anything for too long."""
    limit_s = settings.SESSION_LOCK_MINUTES * 60
    seen = session.get(SEEN)
    return bool(limit_s) and seen is not None and time.time() - seen > limit_s


def touch(session: SessionBase) -> None:
    """Remember that somebody is there."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= SEEN_EVERY_S:
        session[SEEN] = now
