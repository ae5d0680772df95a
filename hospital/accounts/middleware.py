"""What stands between a browser session of staff and every page: lock, second factor."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hospital.accounts import lock
from hospital.accounts.models import User
from hospital.core.problems import PROBLEM_JSON, problem

Handler = Callable[[HttpRequest], HttpResponse]
FOR_PROGRAMS = ("/api/", "/dicomweb/", "/events/", "/fhir/", "/metrics")
ALWAYS_OPEN = frozenset({"livez", "readyz", "set_language", "account_logout"})
OPEN_WHEN_LOCKED = ALWAYS_OPEN | {"lock"}
OPEN_WITHOUT_FACTOR = ALWAYS_OPEN | {
    "lock",
    "account_reauthenticate",
    "account_change_password",
}


class SessionLockMiddleware:
    """Ask for the password again where a workstation was locked or left alone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not _is_staff_session(request):
            return None
        if lock.is_locked(request.session):
            request.session[lock.LOCKED] = True
            if _name(request) in OPEN_WHEN_LOCKED:
                return None
            return refusal(
                request,
                url=reverse("accounts:lock"),
                status=401,
                code="session_locked",
                detail=_("The workstation is locked. Unlock it with your password."),
            )
        if not _is_background(request):
            lock.touch(request.session)
        return None


class SecondFactorMiddleware:
    """Let staff do nothing but set up a second factor, where the hospital requires it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not settings.MFA_REQUIRED_OF_STAFF or not _is_staff_session(request):
            return None
        name = _name(request)
        if name in OPEN_WITHOUT_FACTOR or name.startswith("mfa_"):
            return None
        if is_mfa_enabled(request.user):
            return None
        return refusal(
            request,
            url=reverse("mfa_index"),
            status=403,
            code="second_factor_required",
            detail=_("Your hospital asks staff for a second factor. Set one up first."),
        )


def refusal(
    request: HttpRequest, *, url: str, status: int, code: str, detail: str
) -> HttpResponse:
    """Return the way to `url` for a person, or problem+json for a program."""
    if request.path.startswith(FOR_PROGRAMS):
        body = problem(status=status, code=code, detail=detail)
        return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
    here = request.get_full_path() if request.method == "GET" else "/"
    if getattr(request, "htmx", None):
        here = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        target = f"{url}?{urlencode({'next': here})}"
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(f"{url}?{urlencode({'next': here})}")


def _is_staff_session(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_hospital_staff


def _name(request: HttpRequest) -> str:
    return (request.resolver_match and request.resolver_match.url_name) or ""


def _is_background(request: HttpRequest) -> bool:
    """Return whether the page asked by itself, with nobody at the keys."""
    return request.path.startswith("/events/") or "X-Background" in request.headers
