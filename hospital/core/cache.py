"""Django's cache in Redis, with one client kept where Django makes one a call.

A client of Redis costs more to make than most of what is asked of it; it is made for
being shared, and takes a connection of the pool for each command.
"""

from functools import cached_property
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class KeptClient(RedisCacheClient):
    """One server's client, kept: the platform writes to and reads from the same one."""

    @cached_property
    def _kept(self) -> Any:  # Any: Django's own client is untyped
        return super().get_client(write=True)

    # Any: as above; Django's own signature
    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._kept


class KeptRedisCache(RedisCache):
    """Django's own but for the client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:  # Any: as above
        super().__init__(server, params)
        self._class = KeptClient
