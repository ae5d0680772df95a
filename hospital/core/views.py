"""The first page, and the help that travels with the product."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from hospital.core.help import help_article, help_articles
from hospital.core.pages import render_page
from hospital.core.registry import registry


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead each person to the first place of their own rail."""
    entries = registry.navigation_for(getattr(request.user, "role", ""))
    return redirect(entries[0].url_name if entries else "core:help_index")


@require_safe
@login_required
def help_page(request: HttpRequest, page: str = "") -> HttpResponse:
    articles = help_articles(role=getattr(request.user, "role", ""))
    article = help_article(page) if page else articles[0]
    context = {"article": article, "articles": articles}
    return render_page(request, "help.html", context)
