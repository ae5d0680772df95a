"""One-time links: an invitation, a new password, a tie to one's record.

Opening a link uses nothing up, so a mail scanner that follows it does no harm; and the
code leaves the address at once, so it stays in no history and no referrer.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.attempts import spend_attempt
from hospital.accounts.forms import NewPasswordForm, RecordCodeForm
from hospital.accounts.models import LinkPurpose, Role
from hospital.accounts.principal import principal_of
from hospital.accounts.services.links import (
    link_of,
    use_link_for_password,
    use_link_for_record,
)
from hospital.core.errors import DomainError, InvalidInput
from hospital.core.pages import render_page

CODE = "one_time_link"


@require_safe
@never_cache
def open_link(request: HttpRequest, code: str) -> HttpResponse:
    """Take the code out of the address."""
    _count(request)
    link = link_of(code)
    if link.purpose == LinkPurpose.RECORD:
        request.session[CODE] = code
        return redirect("accounts:record")
    request.session[CODE] = code
    return redirect("accounts:link")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Let the link's person choose a password; they sign in with it afterwards."""
    _count(request)
    code = request.session.get(CODE, "")
    link = link_of(code)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            use_link_for_password(code=code, password=form.cleaned_data["password"])
        except InvalidInput as weak:
            for message in weak.fields.get("password", [str(weak.message)]):
                form.add_error("password", message)
        else:
            request.session.flush()
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("account_login")
    context = {"form": form, "link": link}
    return render_page(request, "accounts/choose_password.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@roles_required(Role.PATIENT)
def tie_record(request: HttpRequest) -> HttpResponse:
    """Let a signed-in patient tie their record by the code the hospital gave them."""
    code = request.session.get(CODE, "")
    form = RecordCodeForm(request.POST or None, initial={"code": code})
    if form.is_valid():
        _count(request)
        try:
            use_link_for_record(
                code=form.cleaned_data["code"].strip(), user=principal_of(request).user
            )
        except DomainError as refused:
            form.add_error("code", str(refused.message))
        else:
            request.session.pop(CODE, None)
            messages.success(request, _("Your record is tied to your account."))
            return redirect("core:home")
    return render_page(request, "accounts/tie_record.html", {"form": form})


def _count(request: HttpRequest) -> None:
    """Refuse who guesses codes from one address."""
    spend_attempt("link", request.META.get("REMOTE_ADDR", ""), limit=60, window_s=300)
