"""How often one may try: counted in the cache that every process shares."""

import hashlib

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from hospital.core.errors import DomainError


class TooManyAttempts(DomainError):
    """It was tried too often; a while must pass."""

    status = 429


def spend_attempt(name: str, who: str, *, limit: int, window_s: int) -> None:
    """Count one attempt of somebody at something.

    It is counted before the attempt is judged, so that many at once gain nothing.

    Raises:
        TooManyAttempts: There were `limit` within the window already.
    """
    key = _key(name, who)
    cache.add(key, 0, timeout=window_s)
    try:
        spent = cache.incr(key)
    except ValueError:  # the window closed between the two lines
        return
    if spent > limit:
        error = TooManyAttempts(
            _("That was tried too often. Wait a few minutes and try again."),
            code="too_many_attempts",
        )
        error.retry_after_s = window_s
        raise error


def forgive_attempts(name: str, who: str) -> None:
    """Forget the attempts: the last one was right."""
    cache.delete(_key(name, who))


def _key(name: str, who: str) -> str:
    return f"attempts:{name}:{hashlib.sha256(who.encode()).hexdigest()}"
