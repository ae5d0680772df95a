"""One web process, two doors: event streams by ASGI, everything else by WSGI threads.

Django under ASGI with psycopg2 opens a connection a request; a thread pool keeps eight.
"""

import os

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, Scope, Send
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")

streams = get_asgi_application()

from hospital.wsgi import application as pages_application  # noqa: E402 (after setup)

pages = WSGIMiddleware(pages_application, workers=8)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send `/events/` to Django's ASGI handler and the rest to the thread pool."""
    if scope["type"] == "http" and scope["path"].startswith("/events/"):
        await streams(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
