"""Who may open which door."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from hospital.accounts.principal import principal_of

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module through its settings

View = Callable[..., HttpResponse]


def roles_required(*roles: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if principal_of(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class Scoped(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        principal = principal_of(request)
        verb = "read" if request.method in SAFE_METHODS else "write"
        scope = getattr(view, "scope", None)
        return scope is None or principal.allows(f"{scope}:{verb}")
