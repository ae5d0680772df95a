"""Who is asking: a person, or an API client acting for an integrator's account."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from hospital.accounts.models import Role, User


@dataclass(frozen=True, slots=True)
class Principal:
    """The one who asks, with all that decides what they may see.

    Attributes:
        user: The account.
        role: The account's role.
        department_ids: The departments the account belongs to.
        scopes: What a token may do, such as `studies:read`; None in a browser session.
        client_id: The API client, when one asks.
    """

    user: User
    role: Role
    department_ids: frozenset[UUID]
    scopes: frozenset[str] | None = None
    client_id: str | None = None

    @property
    def sees_every_department(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    def allows(self, scope: str) -> bool:
        """Whether the token carries the scope; a browser session carries all."""
        return self.scopes is None or scope in self.scopes


def principal_for(
    user: User, *, scopes: frozenset[str] | None = None, client_id: str | None = None
) -> Principal:
    """Return the principal of an account."""
    ids = user.memberships.values_list("department_id", flat=True)
    return Principal(user, Role(user.role), frozenset(ids), scopes, client_id)


def principal_of(request: HttpRequest | Request) -> Principal:
    """Return the principal of a signed-in request, read once a request.

    Raises:
        PermissionError: Nobody is signed in; the view forgot to ask for it.
    """
    known = getattr(request, "principal", None)
    if isinstance(known, Principal):
        return known
    if not isinstance(request.user, User):
        message = "A signed-in person is needed before asking who it is."
        raise PermissionError(message)
    principal = principal_for(request.user)
    request.principal = principal  # type: ignore[attr-defined]  # kept for this request
    return principal
