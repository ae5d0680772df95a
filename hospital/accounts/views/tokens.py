"""One's own API tokens: made, shown once, revoked."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts.forms import ApiTokenForm
from hospital.accounts.principal import principal_of
from hospital.accounts.selectors import api_tokens_visible_to
from hospital.accounts.services.identity import confirm_identity
from hospital.accounts.services.tokens import create_api_token, revoke_api_token
from hospital.core.errors import DomainError
from hospital.core.pages import render_page


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """List one's tokens; a POST makes one, whose text this answer alone shows."""
    principal = principal_of(request)
    form = ApiTokenForm(request.POST or None)
    text = ""
    if form.is_valid():
        try:
            text = _create(request, form)
        except DomainError as refused:
            form.add_error(None, str(refused.message))
        else:
            form = ApiTokenForm()
    tokens = api_tokens_visible_to(principal)
    context = {"tokens": tokens, "form": form, "text": text, "now": timezone.now()}
    return render_page(request, "accounts/token_list.html", context)


@login_required
@require_POST
def revocation(request: HttpRequest, token_id: str) -> HttpResponse:
    tokens = api_tokens_visible_to(principal_of(request))
    revoke_api_token(get_object_or_404(tokens, pk=token_id))
    messages.success(request, _("The token is revoked. It opens nothing any more."))
    return redirect("accounts:tokens")


def _create(request: HttpRequest, form: ApiTokenForm) -> str:
    user = principal_of(request).user
    confirm_identity(user=user, password=form.cleaned_data["password"])
    _row, text = create_api_token(
        user=user,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires=timezone.now() + timedelta(days=form.cleaned_data["days"]),
    )
    return text
