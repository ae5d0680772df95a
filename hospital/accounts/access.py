"""Who may open which door.

A stranger is asked to sign in (401 in REST, the sign-in page elsewhere); a person whose
role does not allow it gets 403; a row that is not theirs to see does not exist (404).
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from hospital.accounts.principal import Principal, principal_of

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module through its settings

View = Callable[..., HttpResponse]
UNSET = object()


def roles_required(*roles: str) -> Callable[[View], View]:
    """Open a page to a browser session of one of the roles."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(
            request: HttpRequest, *args: object, **kwargs: object
        ) -> HttpResponse:
            if principal_of(request).role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class Scoped(BasePermission):
    """Opens a REST view by the attributes it carries.

    `scope` names its resource (`"studies"`), or is None where any token will do; a view
    that says nothing is closed to tokens. `roles` are those that may open it at all,
    `write_roles` those that may change something; where absent, every role may.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        principal = principal_of(request)
        return _within_scope(request, view, principal) and _within_roles(
            request, view, principal
        )


def _within_scope(request: Request, view: "APIView", principal: Principal) -> bool:
    scope = getattr(view, "scope", UNSET)
    if principal.scopes is None or scope is None:
        return True
    verb = "read" if request.method in SAFE_METHODS else "write"
    return scope is not UNSET and principal.allows(f"{scope}:{verb}")


def _within_roles(request: Request, view: "APIView", principal: Principal) -> bool:
    roles: Iterable[str] | None = getattr(view, "roles", None)
    if roles is not None and principal.role not in roles:
        return False
    write_roles: Iterable[str] | None = getattr(view, "write_roles", None)
    writes = request.method not in SAFE_METHODS
    return not (
        writes and write_roles is not None and principal.role not in write_roles
    )
