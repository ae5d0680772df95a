"""What every template knows: the shell's navigation and the hospital's name."""

import time

from django.conf import settings
from django.http import HttpRequest

from hospital.core.registry import registry

CLOCKS_APART_MS = 1_000  # at most, between the web process and Redis
THEMES = frozenset({"light", "dark"})


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the role's navigation, the site's name and the theme the person chose."""
    user = getattr(request, "user", None)
    role = getattr(user, "role", "")
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "site_name": settings.SITE_NAME,
        "languages": settings.LANGUAGES,
        "shell_template": f"base_{'patient' if role == 'patient' else 'staff'}.html",
        "lock_minutes": settings.SESSION_LOCK_MINUTES,
        "events_since": events_since(request),
        "navigation": registry.navigation_for(role) if role else [],
    }


def events_since(request: HttpRequest) -> str:
    """Return the event id from which the page wants news: before it was begun.

    Ids are Redis' clock in milliseconds. News that comes twice has a page look again.
    """
    received = getattr(request, "received", None) or time.time()
    return f"{int(received * 1000) - CLOCKS_APART_MS}-0"
