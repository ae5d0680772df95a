"""What open pages are told of a topic, read where the web process reads it."""

import json
from typing import Any

import redis
from django.conf import settings

from hospital.jobs.events import STREAM

PATIENCE_MS = 30_000
Event = tuple[str, dict[str, Any]]  # Any: JSON


class Heard:
    """The events of one topic from now on."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._redis = redis.Redis.from_url(
            settings.REDIS_URL,
            decode_responses=True,
            socket_timeout=PATIENCE_MS / 1000 + 5,  # its own ends sooner
        )
        newest = self._redis.xrevrange(STREAM, count=1)
        self._place = newest[0][0] if newest else "0"

    def until(self, name: str) -> list[Event]:
        """Return the next events, up to the first one of a name."""
        told: list[Event] = []
        while not told or told[-1][0] != name:
            answer = self._redis.xread(
                {STREAM: self._place}, count=1, block=PATIENCE_MS
            )
            assert answer, f"No {name} was told; only {told}."
            self._place, fields = answer[0][1][0]
            if fields["topic"] == self._topic:
                told.append((fields["event"], json.loads(fields["data"])))
        return told
