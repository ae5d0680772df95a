"""The chat as an app of the device: its manifest, its worker, its page without network.

The worker keeps the shell and one page that says whom to call; no talk is ever kept.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.selectors.guidance import calls

STYLE = "css/anji.css"  # the worker reads in it which sheets it imports
SHELL = ("img/mark.svg", "js/theme.js", "js/disclosure.js", "django_htmx/htmx-2.min.js")
ICONS = (
    ("img/app-192.png", "192x192", "any"),
    ("img/app-512.png", "512x512", "any"),
    ("img/app-maskable-512.png", "512x512", "maskable"),
    ("img/mark.svg", "any", "any"),
)
PAPER, INK = "#f5f8f9", "#13737d"


@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """Tell a device how to install the chat."""
    chat = reverse("consult:chat")
    described = {
        "name": _("Ask %(hospital)s") % {"hospital": settings.SITE_NAME},
        "short_name": settings.SITE_NAME,
        "description": _("Questions about health, answered with sources."),
        "id": chat,
        "start_url": chat,
        "scope": chat,
        "display": "standalone",
        "lang": get_language(),
        "background_color": PAPER,
        "theme_color": INK,
        "icons": [
            {"src": static(path), "sizes": sizes, "purpose": purpose}
            for path, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, which knows the hashed names of the shell."""
    context = {
        "style": static(STYLE),
        "files": [static(path) for path in SHELL],
        "offline": f"{reverse('consult:offline')}?language={get_language()}",
    }
    return render(request, "consult/worker.js", context, content_type="text/javascript")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a network: whom to call, and how to try again.

    The worker asks for it without cookies, so that it holds nobody's name; the language
    comes with the address.
    """
    language = request.GET.get("language", "")
    known = language if language in dict(settings.LANGUAGES) else get_language()
    with override(known):
        return render(request, "consult/offline.html", {"calls": calls()})
