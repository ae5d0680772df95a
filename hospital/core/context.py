"""What every template knows: the shell's navigation and the hospital's name."""

from django.conf import settings
from django.http import HttpRequest

from hospital.core.registry import registry


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the navigation of the signed-in person's role and the site's name."""
    user = getattr(request, "user", None)
    role = getattr(user, "role", "")
    return {
        "site_name": settings.SITE_NAME,
        "languages": settings.LANGUAGES,
        "navigation": registry.navigation_for(role) if role else [],
    }
