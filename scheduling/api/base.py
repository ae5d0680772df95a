"""What every door under one roster has in common: who may, and its version as ETag."""

import re
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hospital.accounts.models import STAFF_ROLES, Role, User
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError
from scheduling.models import Roster
from scheduling.selectors.rosters import EDITORS, rosters_visible_to, with_figures
from scheduling.services.editing import StaleRoster

ETAG = re.compile(r'^"(\d{1,9})"$')
ROLES = (*STAFF_ROLES, Role.INTEGRATOR)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag that was read, such as `"3"`; `*` for whichever there is.',
)
STALE = OpenApiResponse(description="Changed elsewhere; `version` is the newest")
NOT_TAKEN = OpenApiResponse(description="What was sent cannot be taken; see `errors`")


class PreconditionRequired(DomainError):
    """The request must say which version it changes."""

    status = 428


class ShortListField(serializers.ListField):
    """A list of at most `max_length`, counted before any of its children is looked at."""

    def to_internal_value(self, data: Any) -> list[Any]:  # Any: what anybody may send
        """Refuse what is too long at once."""
        if isinstance(data, list) and len(data) > (self.max_length or len(data)):
            self.fail("max_length", max_length=self.max_length)
        values: list[Any] = super().to_internal_value(data)
        return values


class RosterDoor(APIView):
    """A door under one roster, which must be visible to whoever asks."""

    scope = "rosters"
    roles = ROLES
    write_roles = tuple(EDITORS)

    def roster(self, roster_id: UUID) -> Roster:
        visible = with_figures(rosters_visible_to(principal_of(self.request)))
        return get_object_or_404(visible, id=roster_id)

    def author(self) -> User:
        return principal_of(self.request).user

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a stale change with the newest version."""
        response = super().handle_exception(exc)
        if isinstance(exc, StaleRoster) and isinstance(response.data, dict):
            response.data["version"] = exc.version
            response["ETag"] = f'"{exc.version}"'
        return response


class EditorsDoor(RosterDoor):
    """A door for those who make rosters; who sees published ones gets 403."""

    roles = tuple(EDITORS)


def etag(roster: Roster) -> dict[str, str]:
    """Return the headers that name the roster's version."""
    return {"ETag": f'"{roster.version}"'}


def required_version(request: Request) -> int | None:
    """Return the version of If-Match; None for `*`.

    Raises:
        PreconditionRequired: There is none.
    """
    if not request.headers.get("If-Match"):
        raise PreconditionRequired(
            _("Send the ETag that you read as If-Match, so nothing is overwritten."),
            code="if_match_required",
        )
    return sent_version(request)


def sent_version(request: Request) -> int | None:
    """Return the version of If-Match; None for `*` or where it is not sent.

    What is no ETag of ours matches no version.
    """
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    match = ETAG.match(header)
    return int(match[1]) if match else -1
