"""Locking a shared workstation, and opening it again."""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hospital.accounts import lock
from hospital.accounts.attempts import TooManyAttempts
from hospital.accounts.forms import UnlockForm
from hospital.accounts.principal import principal_of
from hospital.accounts.services.identity import confirm_identity
from hospital.core.errors import NotPermitted
from hospital.core.pages import render_page


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def lock_page(request: HttpRequest) -> HttpResponse:
    """Lock at a POST while open; while locked, a POST brings the password."""
    if lock.is_locked(request.session):
        return _unlock(request)
    if request.method == "POST":
        lock.lock(request.session)
        query = urlencode({"next": _next(request)})
        return redirect(f"{reverse('accounts:lock')}?{query}")
    return redirect(_next(request))


def _unlock(request: HttpRequest) -> HttpResponse:
    form = UnlockForm(request.POST or None, initial={"next": _next(request)})
    if form.is_valid():
        try:
            confirm_identity(
                user=principal_of(request).user,
                password=form.cleaned_data["password"],
            )
        except TooManyAttempts:
            logout(request)
            return redirect("account_login")
        except NotPermitted as wrong:
            form.add_error("password", str(wrong.message))
        else:
            lock.unlock(request.session)
            return redirect(_next(request))
    return render_page(request, "accounts/lock.html", {"form": form})


def _next(request: HttpRequest) -> str:
    """Return where to go on: a path of ours, never another site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts=None, require_https=request.is_secure()
    )
    return target if is_ours and target.startswith("/") else reverse("core:home")
