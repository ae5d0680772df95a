"""One web process: event streams by ASGI, everything else by WSGI threads.

Django under ASGI with psycopg2 opens a connection a request; a thread pool keeps eight.
Uploads have threads of their own, so that slow ones never keep a page waiting.
"""

import os
from threading import Thread
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

from hospital.core.bodies import in_time, is_upload

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")

streams: Any = get_asgi_application()  # Any: Django and a2wsgi type ASGI apart

from django.utils.module_loading import import_string  # noqa: E402 (after setup)

from hospital.core.registry import registry  # noqa: E402 (as above)
from hospital.wsgi import application as wsgi_application  # noqa: E402 (as above)

pages: Any = WSGIMiddleware(wsgi_application, workers=8)  # type: ignore[arg-type]  # as above
uploads: Any = WSGIMiddleware(wsgi_application, workers=4)  # type: ignore[arg-type]  # as above

BETWEEN_PIECES_S = 30.0
WHOLE_PAGE_BODY_S = 60.0


def warm_up() -> None:
    """Read what would make the first one who asks wait."""
    for path in registry.web_warmers:
        import_string(path)()


Thread(target=warm_up, name="warm-up", daemon=True).start()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Send `/events/` to Django's ASGI handler and the rest to a thread pool."""
    if scope["type"] != "http":
        return
    if scope["path"].startswith("/events/"):
        await streams(scope, receive, send)
    elif is_upload(scope):
        body = in_time(receive, between_s=BETWEEN_PIECES_S, total_s=None)
        await uploads(scope, body, send)
    else:
        body = in_time(receive, between_s=BETWEEN_PIECES_S, total_s=WHOLE_PAGE_BODY_S)
        await pages(scope, body, send)
