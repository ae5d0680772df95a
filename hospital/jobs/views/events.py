"""Server-sent events: authorise, let the database go, then stream."""

import json
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from redis import RedisError

from hospital.accounts.authentication import principal_or_none
from hospital.accounts.principal import Principal
from hospital.core.errors import DomainError
from hospital.core.registry import registry
from hospital.jobs.listeners import Hub, Listener, as_id, as_place, hub

PING_S = 15.0
LIFETIME_S = 900.0  # then the page comes back, and is authorised anew
RETRY_AFTER_S = 60
MAX_TOPICS = 200  # every department's studies, and some jobs
TOPIC = re.compile(r"[a-z][a-z_]{0,31}:[A-Za-z0-9_.-]{1,64}")
EVENT_ID = re.compile(r"\d{1,15}-\d{1,15}")
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",  # nginx would hold the stream back
}

Place = tuple[int, int]
Told = Mapping[str, object]
Snapshot = Callable[[str], Told | Sequence[Told] | None]


@dataclass(frozen=True, slots=True)
class Admission:
    """What was asked, once it is permitted.

    Attributes:
        topics: Topics that the principal may hear.
        after: The place of the last event the page had, None for a new page.
        now: How the topics stand, as the text of one event each.
        seats: What a stranger's stream counts for, and how many may be open of each.
    """

    topics: frozenset[str]
    after: Place | None
    now: list[str]
    seats: Mapping[str, int]


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Stream the events of the topics asked for."""
    if request.method != "GET":
        raise DomainError(
            _("An event stream is only ever read."),
            code="method_not_allowed",
            status=405,
        )
    source = hub()
    await source.start()
    start = source.place  # nothing after this is missed, nothing of `now` is older
    admission = await sync_to_async(admit)(request)
    if not source.guests.fit(admission.seats):
        raise too_many_streams()
    events = told(source, admission, start)
    return StreamingHttpResponse(
        events, content_type="text/event-stream", headers=HEADERS
    )


def admit(request: HttpRequest) -> Admission:
    """Return what may be streamed, and leave no database connection behind.

    Raises:
        DomainError: 401, 403 or 400, with the reason.
    """
    try:
        principal = principal_or_none(request)
        if principal is None and not names_topics_for_strangers(request):
            raise not_signed_in()
        topics, after = topics_of(request), place_of(request)
        require(request, principal, topics)
        now = [text for topic in sorted(topics) for text in standing(topic)]
        seats = {} if principal else seats_of(request, topics)
        return Admission(topics, after, now, seats)
    finally:
        connections.close_all()


def seats_of(request: HttpRequest, topics: frozenset[str]) -> dict[str, int]:
    """Return what a stranger's stream counts for; one address may be a whole ward's."""
    address = request.META.get("REMOTE_ADDR", "")
    return {
        f"address {address}": settings.EVENT_STREAMS_OF_AN_ADDRESS,
        **dict.fromkeys(topics, settings.EVENT_STREAMS_OF_A_TOPIC),
    }


def names_topics_for_strangers(request: HttpRequest) -> bool:
    """Whether each topic is of a family that lets strangers in at all."""
    families = {
        topic.partition(":")[0] for topic in request.GET.get("topics", "").split(",")
    }
    open_to_strangers = {
        prefix
        for prefix, known in registry.event_topics.items()
        if known.stranger_authorizer
    }
    return families <= open_to_strangers


def topics_of(request: HttpRequest) -> frozenset[str]:
    topics = frozenset(filter(None, request.GET.get("topics", "").split(",")))
    if not 1 <= len(topics) <= MAX_TOPICS:
        raise bad_request(
            _("Name between 1 and %(limit)d topics.") % {"limit": MAX_TOPICS},
            code="topics_missing",
        )
    for topic in topics:
        if not TOPIC.fullmatch(topic) or topic.partition(":")[0] not in (
            registry.event_topics
        ):
            raise bad_request(
                _("One of the topics does not exist."), code="topic_unknown"
            )
    return topics


def place_of(request: HttpRequest) -> Place | None:
    last = request.headers.get("Last-Event-ID") or request.GET.get("last_event_id")
    if not last:
        return None
    if not EVENT_ID.fullmatch(last):
        raise bad_request(
            _("Last-Event-ID is none of ours."), code="last_event_id_malformed"
        )
    return as_place(last)


def require(
    request: HttpRequest, principal: Principal | None, topics: frozenset[str]
) -> None:
    """Refuse all where one topic is not for whoever asks."""
    if all(may_hear(request, principal, topic) for topic in topics):
        return
    if principal is None:
        raise not_signed_in()
    raise DomainError(
        _("You may not listen to one of these topics."),
        code="not_permitted",
        status=403,
    )


def may_hear(request: HttpRequest, principal: Principal | None, topic: str) -> bool:
    prefix, _colon, key = topic.partition(":")
    known = registry.event_topics[prefix]
    if principal is not None and principal.allows("events:read"):
        authorize: Callable[[Principal, str], bool] = import_string(known.authorizer)
        if authorize(principal, key):
            return True
    if not known.stranger_authorizer:
        return False
    admits: Callable[[HttpRequest, str], bool] = import_string(
        known.stranger_authorizer
    )
    return admits(request, key)


def standing(topic: str) -> list[str]:
    """Return how a topic stands now, as events' texts, where its kind can tell."""
    prefix, _colon, key = topic.partition(":")
    path = registry.event_topics[prefix].snapshot
    if not path:
        return []
    snapshot: Snapshot = import_string(path)
    told = snapshot(key) or []
    events = [told] if isinstance(told, Mapping) else told
    return [json.dumps({"topic": topic, "event": prefix, **data}) for data in events]


def not_signed_in() -> DomainError:
    return DomainError(
        _("Sign in, or send a token."), code="not_authenticated", status=401
    )


def too_many_streams() -> DomainError:
    error = DomainError(
        _("Too many pages listen already. Close some of them, then try again."),
        code="too_many_streams",
        status=429,
    )
    error.retry_after_s = RETRY_AFTER_S
    return error


def bad_request(words: str, *, code: str) -> DomainError:
    return DomainError(words, code=code, status=400)


async def told(source: Hub, admission: Admission, start: Place) -> AsyncIterator[bytes]:
    """Yield the frames: what was missed or how it stands, then what happens."""
    if not source.guests.fit(admission.seats):
        return  # others came in between: the page is refused when it tries again
    with (
        source.guests.seated(admission.seats),
        source.listening(admission.topics) as listener,
    ):
        after = start
        yield f"retry: 2000\nid: {as_id(admission.after or start)}\n\n".encode()
        try:
            if admission.after is None or not await source.holds(admission.after):
                for text in admission.now:
                    yield frame(text)
            async for event in source.since(admission.after or start, admission.topics):
                after = event.place
                yield frame(event.text, event.id)
        except (RedisError, OSError):
            return  # the page tries again, with the id it has
        async for part in live(listener, after):
            yield part


async def live(listener: Listener, after: Place) -> AsyncIterator[bytes]:
    """Yield what happens after a place, until the page is too slow or it is time."""
    end = time.monotonic() + LIFETIME_S
    while not listener.is_behind and time.monotonic() < end:
        events = await listener.next_events(within_s=PING_S)
        if not events:
            yield b": ping\n\n"
        frames = [frame(each.text, each.id) for each in events if each.place > after]
        if frames:
            yield b"".join(frames)


def frame(text: str, event_id: str = "") -> bytes:
    place = f"id: {event_id}\n" if event_id else ""
    return f"{place}data: {text}\n\n".encode()
