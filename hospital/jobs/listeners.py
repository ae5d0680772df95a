"""One reader of the event stream a web process, and every open page it tells.

However many pages listen, Redis sees one blocking read a process and PostgreSQL sees
nothing. A page that reads too slowly is let go: it comes back with the id of the last
event it had and is told what it missed.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from django.conf import settings
from redis import RedisError
from redis.asyncio import Redis

from hospital.jobs.events import PATIENCE_S, STREAM
from hospital.jobs.guests import Guests

BLOCK_S = 5.0
READ_AT_ONCE = 500
QUEUE_LENGTH = 256
PAUSE_S = 0.02  # between reads: what comes meanwhile is read, and sent, together
REPLAYS_AT_ONCE = 8  # a connection to Redis each
PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)  # between attempts while Redis is away

Entry = tuple[str, dict[str, Any]]  # Any: what Redis holds of one event

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the stream: its place, whom it is for, and its JSON."""

    place: tuple[int, int]
    topic: str
    text: str

    @property
    def id(self) -> str:
        return as_id(self.place)


class Listener:
    """One open page: the topics it may hear and what waits for it."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.is_behind = False
        self._events: asyncio.Queue[Event] = asyncio.Queue(QUEUE_LENGTH)

    def hear(self, event: Event) -> None:
        if not self.is_behind:
            try:
                self._events.put_nowait(event)
            except asyncio.QueueFull:
                self.is_behind = True

    async def next_events(self, *, within_s: float) -> list[Event]:
        """Return all events that wait, none when there was none in that time."""
        try:
            events = [await asyncio.wait_for(self._events.get(), within_s)]
        except TimeoutError:
            return []
        while not self._events.empty():
            events.append(self._events.get_nowait())
        return events


class Hub:
    """Reads the stream while anybody listens, and hands each event on."""

    def __init__(self) -> None:
        self.guests = Guests()
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._reader: asyncio.Task[None] | None = None
        self._turns = asyncio.Semaphore(REPLAYS_AT_ONCE)
        self._redis: Any = (
            Redis.from_url(  # Any: its types tell every protocol's answer
                settings.REDIS_URL,
                decode_responses=True,
                protocol=2,
                socket_timeout=BLOCK_S + PATIENCE_S,
                socket_connect_timeout=PATIENCE_S,
            )
        )
        self.place = (0, 0)

    async def start(self) -> None:
        """Have the reader run, so that a listener who joins misses nothing from now."""
        if self._reader is None or self._reader.done():
            self.place = await self._last_place()
            self._reader = asyncio.get_running_loop().create_task(
                self._read(),
                context=Context(),  # the reader is no part of the first page's request
            )

    @contextmanager
    def listening(self, topics: Iterable[str]) -> Iterator[Listener]:
        listener = Listener(frozenset(topics))
        for topic in listener.topics:
            self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            for topic in listener.topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    async def since(
        self, place: tuple[int, int], topics: frozenset[str]
    ) -> AsyncIterator[Event]:
        """Yield what the stream still holds after a place, for these topics.

        Raises:
            RedisError: The stream cannot be read now.
        """
        while True:
            async with self._turns:
                entries = await self._redis.xrange(
                    STREAM, min=f"({as_id(place)}", count=READ_AT_ONCE
                )
            for entry in entries:
                place = as_place(entry[0])
                if entry[1]["topic"] in topics:
                    yield as_event(entry)
            if len(entries) < READ_AT_ONCE:
                return

    async def holds(self, place: tuple[int, int]) -> bool:
        """Whether nothing after the place has been forgotten yet."""
        async with self._turns:
            oldest = await self._redis.xrange(STREAM, count=1)
        return bool(oldest) and as_place(oldest[0][0]) <= place

    async def _read(self) -> None:
        failures = 0
        while True:
            try:
                answer = await self._redis.xread(
                    {STREAM: as_id(self.place)},
                    count=READ_AT_ONCE,
                    block=int(BLOCK_S * 1000),
                )
            except (RedisError, OSError) as error:
                if not failures:
                    logger.warning("events_unread", reason=type(error).__name__)
                await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                failures += 1
                continue
            failures = 0
            for _stream, entries in answer or []:
                for entry in entries:
                    self._hand_on(entry)
            await asyncio.sleep(PAUSE_S)

    def _hand_on(self, entry: Entry) -> None:
        self.place = as_place(entry[0])
        listeners = self._listeners.get(entry[1]["topic"], ())
        if listeners:
            event = as_event(entry)
            for listener in listeners:
                listener.hear(event)

    async def _last_place(self) -> tuple[int, int]:
        try:
            newest = await self._redis.xrevrange(STREAM, count=1)
        except (RedisError, OSError):
            return (int(time.time() * 1000), 0)  # ids are Redis' clock in milliseconds
        return as_place(newest[0][0]) if newest else (0, 0)


hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Return the hub of the running loop; a web process has one."""
    loop = asyncio.get_running_loop()
    if loop not in hubs:
        hubs[loop] = Hub()
    return hubs[loop]


def as_place(event_id: str) -> tuple[int, int]:
    """Return an event id such as `1764040000000-0` as numbers that can be compared."""
    moment, _dash, number = event_id.partition("-")
    return (int(moment), int(number))


def as_id(place: tuple[int, int]) -> str:
    return f"{place[0]}-{place[1]}"


def as_event(entry: Entry) -> Event:
    """Return an entry of the stream as an event, told as one flat JSON object."""
    event_id, fields = entry
    topic, name = fields["topic"], fields["event"]
    told = {"topic": topic, "event": name, **json.loads(fields["data"])}
    return Event(as_place(event_id), topic, json.dumps(told))
