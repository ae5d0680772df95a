"""What every template knows: the shell's navigation and the hospital's name."""

from django.conf import settings
from django.http import HttpRequest

from hospital.core.registry import registry

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
        "navigation": registry.navigation_for(role) if role else [],
    }
