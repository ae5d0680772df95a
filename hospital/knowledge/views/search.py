"""Why the library answers a question as it does: what was found, and by which figures."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from hospital.jobs.selectors import jobs_visible_to, may_stop
from hospital.jobs.services import enqueue
from hospital.knowledge.forms import SearchForm
from hospital.knowledge.models import Passage
from hospital.knowledge.selectors import libraries_visible_to, passages_visible_to
from hospital.knowledge.vocabulary import HEADINGS

KIND = "knowledge.find"
# What ranks a passage (`hospital.knowledge.retrieval.ranking`), in the reader's words.
FIGURES: Mapping[str, Promise] = {
    "words": _("Words in common"),
    "names": _("Names in the title"),
    "vector": _("Likeness of meaning"),
    "kind": _("Answers this kind of question"),
    "general": _("Explains it in general"),
    "cover": _("Share of the question that it covers"),
}


@require_http_methods(["GET", "POST"])
@roles_required(Role.CLINICIAN, Role.ADMINISTRATOR)
def new_search(request: HttpRequest) -> HttpResponse:
    """Ask for a search, which a language worker makes."""
    principal = principal_of(request)
    libraries = libraries_visible_to(principal)
    form = SearchForm(request.POST or None, libraries=libraries)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        payload = {
            "question": sent["question"],
            "lang": sent["lang"],
            "libraries": [sent["library"].slug] if sent["library"] else None,
        }
        job = enqueue(
            kind=KIND, key=str(uuid4()), owner=principal.user, payload=payload
        )
        return redirect("knowledge:found", job_id=job.id)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "knowledge/search.html", {"form": form}, status=status)


@require_safe
@roles_required(Role.CLINICIAN, Role.ADMINISTRATOR)
def search_detail(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show what a search found, best first, or how far it is."""
    principal = principal_of(request)
    job = get_object_or_404(jobs_visible_to(principal), id=job_id, kind=KIND)
    asked = job.payload
    libraries = libraries_visible_to(principal)
    first = (asked.get("libraries") or [None])[0]
    found = job.result or {}
    hits = found.get("hits", [])
    passages = {
        passage.citation: passage
        for passage in passages_visible_to(principal)
        .filter(citation__in=[hit["id"] for hit in hits])
        .select_related("entry__library", "entry__source")
        .defer("embedding")
        .order_by("-id")
    }
    context = {
        "form": SearchForm(
            initial={
                **asked,
                "library": first and libraries.filter(slug=first).first(),
            },
            libraries=libraries,
        ),
        "job": job,
        "may_stop": may_stop(principal, job),
        "found": found,
        "kinds": [_kind_of_question(name) for name in found.get("qtypes", [])],
        "hits": [_shown(hit, passages.get(hit["id"])) for hit in hits],
    }
    return render_page(request, "knowledge/search.html", context)


def _kind_of_question(name: str) -> str:
    """Return a kind by the heading under which the library answers it."""
    lang = "zh" if (get_language() or "").startswith("zh") else "en"
    return HEADINGS[name][lang] if name in HEADINGS else name


def _shown(
    hit: Mapping[str, Any],
    passage: Passage | None,  # Any: JSON of the search
) -> dict[str, object]:
    why = [(FIGURES.get(name, name), each) for name, each in hit.get("why", {}).items()]
    return {**hit, "passage": passage, "why": why}
