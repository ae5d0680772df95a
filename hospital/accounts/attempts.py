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
    if _counted(_key(name, who), window_s) > limit:
        error = TooManyAttempts(
            _("That was tried too often. Wait a few minutes and try again."),
            code="too_many_attempts",
        )
        error.retry_after_s = window_s
        raise error


def forgive_attempts(name: str, who: str) -> None:
    """Forget the attempts: the last one was right."""
    cache.delete(_key(name, who))


def _counted(key: str, window_s: int) -> int:
    """Return how many attempts there were in this window, with this one."""
    try:
        spent = cache.incr(key)
    except ValueError:  # the first one, unless somebody else was it meanwhile
        return 1 if cache.add(key, 1, timeout=window_s) else cache.incr(key)
    if spent == 1:  # the window closed as it was counted, and this one has no end yet
        cache.touch(key, timeout=window_s)
    return spent


def _key(name: str, who: str) -> str:
    return f"attempts:{name}:{hashlib.sha256(who.encode()).hexdigest()}"
