"""One view, two answers: the whole page, or the part that htmx asked for."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page, or its partial when htmx asks for less than a whole page."""
    htmx = getattr(request, "htmx", None)
    name = partial if partial and htmx and not htmx.boosted else template
    response = render(request, name, dict(context), status=status)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response
