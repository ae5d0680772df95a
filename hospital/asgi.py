"""One web process: event streams by ASGI, everything else by WSGI threads.

Django under ASGI with psycopg2 opens a connection a request; a thread pool keeps eight.
Uploads and static files have threads of their own: whoever sends or takes slowly never
keeps a page waiting.
"""

import os
from threading import Thread
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

from hospital.core.bodies import (
    Message,
    Receive,
    Send,
    arrived,
    in_time,
    is_upload,
    taken_in_time,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")

streams: Any = get_asgi_application()  # Any: Django and a2wsgi type ASGI apart

from django.utils.module_loading import import_string  # noqa: E402 (after setup)

from hospital.core.registry import registry  # noqa: E402 (as above)
from hospital.wsgi import application as wsgi_application  # noqa: E402 (as above)

pages: Any = WSGIMiddleware(wsgi_application, workers=8)  # type: ignore[arg-type]  # as above
uploads: Any = WSGIMiddleware(wsgi_application, workers=4)  # type: ignore[arg-type]  # as above
files: Any = WSGIMiddleware(wsgi_application, workers=16)  # type: ignore[arg-type]  # as above

BETWEEN_PIECES_S = 30.0
WHOLE_PAGE_BODY_S = 60.0
SMALL_BODY_BYTES = 256 * 1024  # a larger one waits in a thread of the uploads
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
CLOSED = [(b"connection", b"close"), (b"content-length", b"0")]


def warm_up() -> None:
    """Read what would make the first one who asks wait."""
    for path in registry.web_warmers:
        import_string(path)()


Thread(target=warm_up, name="warm-up", daemon=True).start()


async def application(scope: Message, receive: Any, send: Any) -> None:
    """Send `/events/` to Django's ASGI handler and the rest to a thread pool."""
    if scope["type"] != "http":
        return
    if scope["path"].startswith("/events/"):
        await streams(scope, receive, send)
        return
    send = taken_in_time(send, within_s=BETWEEN_PIECES_S)
    total_s = None if is_upload(scope) else WHOLE_PAGE_BODY_S
    body = in_time(receive, between_s=BETWEEN_PIECES_S, total_s=total_s)
    if is_upload(scope):
        await uploads(scope, body, send)
    elif scope["path"].startswith("/static/"):
        await files(scope, body, send)
    elif scope["method"] in BODILESS:
        await pages(scope, body, send)
    else:
        await form(scope, body, send)


async def form(scope: Message, body: Receive, send: Send) -> None:
    """Answer by a thread of the pages, once all that is sent has come."""
    try:
        begun, is_whole = await arrived(body, most_bytes=SMALL_BODY_BYTES)
    except TimeoutError:
        await send({"type": "http.response.start", "status": 408, "headers": CLOSED})
        await send({"type": "http.response.body", "body": b""})
    except ConnectionResetError:
        pass  # the client left: nobody waits for an answer
    else:
        await (pages if is_whole else uploads)(scope, begun, send)
