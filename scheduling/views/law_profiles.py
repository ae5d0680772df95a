"""Law profiles: those of the product and the hospital's own, brought in as files."""

import json
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError
from hospital.core.pages import render_page
from scheduling.models import HouseLaw
from scheduling.saying.laws import law_title
from scheduling.saying.rules import clause_text
from scheduling.saying.sentences import named
from scheduling.selectors.laws import (
    law_known,
    law_profiles_visible_to,
    offered_laws,
    profile_from,
)
from scheduling.services.house_laws import enter_law_file, withdraw_law
from scheduling.solver.laws import LawProfile, profile_document
from scheduling.views.board import EDITING_ROLES


class LawFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Law profile"),
        help_text=gettext_lazy(
            "A file in the form of those below, in JSON or TOML. The same id again makes"
            " its next version; rosters under the one before keep it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.toml"}),
    )


@dataclass(frozen=True, slots=True)
class ShownLaw:
    """A profile as the page lists it; `row` is None for those of the product."""

    profile: LawProfile
    title: str
    clauses: list[tuple[str, str, str]]  # in words, name, article
    row: HouseLaw | None


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*EDITING_ROLES)
def law_profiles(request: HttpRequest) -> HttpResponse:
    """List what a roster can be put under; a POST brings a profile in."""
    principal = principal_of(request)
    form = LawFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            law = enter_law_file(
                author=principal.user, content=form.cleaned_data["file"].read()
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            told = {"name": law_title(profile_from(law)), "version": law.version}
            words = _("%(name)s, version %(version)d, can be chosen now.")
            messages.success(request, words % told)
            return redirect("scheduling:law_profiles")
    own = law_profiles_visible_to(principal)
    context = {
        "form": form,
        "own": [_shown(profile_from(row), row) for row in own],
        "shipped": [_shown(one, None) for one in offered_laws() if "." not in one.id],
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/law_profiles.html", context, status=status)


@require_safe
@roles_required(*EDITING_ROLES)
def law_file(request: HttpRequest, profile: str) -> HttpResponse:
    """Give a profile as a file that can be changed and brought in again."""
    law = law_known(profile)
    if law is None:
        raise Http404
    document = profile_document(law) | {"id": law.id.partition(".")[0]}
    return HttpResponse(
        json.dumps(document, ensure_ascii=False, indent=2) + "\n",
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{law.id}.json"'},
    )


@require_POST
@roles_required(*EDITING_ROLES)
def law_withdrawal(request: HttpRequest, law_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    law = get_object_or_404(law_profiles_visible_to(principal), id=law_id)
    withdraw_law(author=principal.user, law=law)
    messages.success(
        request, _("The profile is offered no more; rosters under it keep it.")
    )
    return redirect("scheduling:law_profiles")


def _shown(profile: LawProfile, row: HouseLaw | None) -> ShownLaw:
    clauses = [
        (clause_text(one), named(one.name), one.article) for one in profile.clauses
    ]
    return ShownLaw(profile, law_title(profile), clauses, row)
