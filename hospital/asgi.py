"""One web process, two doors: event streams by ASGI, everything else by WSGI threads.

Django under ASGI with psycopg2 opens a connection a request; a thread pool keeps eight.
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")

streams: Any = get_asgi_application()  # Any: Django and a2wsgi type ASGI apart

from hospital.wsgi import application as pages_application  # noqa: E402 (after setup)

pages: Any = WSGIMiddleware(pages_application, workers=8)  # type: ignore[arg-type]  # as above


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Send `/events/` to Django's ASGI handler and the rest to the thread pool."""
    if scope["type"] == "http" and scope["path"].startswith("/events/"):
        await streams(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
