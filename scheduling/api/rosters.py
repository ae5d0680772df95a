"""Rosters in REST: made from a problem, listed, opened, closed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import generics, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.models import Department, User
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.errors import InvalidInput
from scheduling.api.base import ROLES, EditorsDoor, RosterDoor, etag
from scheduling.api.serializers import RosterPersonSerializer, RosterSerializer
from scheduling.models import Roster, RosterPerson, RosterState, SourceFormat
from scheduling.selectors.rosters import (
    EDITORS,
    default_department,
    rosters_visible_to,
    with_figures,
)
from scheduling.services.rosters import (
    Problem,
    UnreadableProblem,
    close_roster,
    create_roster,
    tie_account,
)

ANJI_EXAMPLE = {
    "name": "Ward 3, June",
    "format": "curtois",
    "text": "SECTION_HORIZON\n# …\n14\n\nSECTION_SHIFTS\n…",
}


class InstanceField(serializers.JSONField):
    """The `anji` form: JSON, or in a form the text of it."""

    def to_internal_value(self, data: Any) -> Any:  # Any: JSON nobody has looked at yet
        """Refuse what is nested too deeply to be read."""
        try:
            return super().to_internal_value(data)
        except RecursionError as error:
            message = self.error_messages["invalid"]
            raise serializers.ValidationError(message, code="invalid") from error


class NewRosterSerializer(serializers.Serializer):
    """A problem, as the text of a format or as the `anji` form itself."""

    name = serializers.CharField(max_length=200)
    format = serializers.ChoiceField(
        choices=SourceFormat.choices, default=SourceFormat.ANJI
    )
    text = serializers.CharField(
        required=False, allow_blank=False, trim_whitespace=False
    )
    instance = InstanceField(required=False)
    department = serializers.CharField(
        required=False,
        help_text="Code of the ward's department; by default the first of one's own.",
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Refuse a problem sent twice, or not at all."""
        if ("text" in sent) == ("instance" in sent):
            message = _("Send the problem either as text or as instance.")
            raise serializers.ValidationError({"text": [message]})
        if "instance" in sent and sent["format"] != SourceFormat.ANJI:
            message = _("An instance is in the anji form; other formats are text.")
            raise serializers.ValidationError({"format": [message]})
        return sent


class RosterIdSerializer(serializers.Serializer):
    id = serializers.UUIDField()


class TieSerializer(serializers.Serializer):
    user = serializers.UUIDField(allow_null=True, help_text="The account, or null.")


class RosterFilter(filters.FilterSet):
    department = filters.CharFilter(field_name="department__code")
    state = filters.MultipleChoiceFilter(choices=RosterState.choices)

    class Meta:
        model = Roster
        fields = {"start": ["exact", "gte", "lte"], "created": ["gte", "lte"]}


@extend_schema_view(
    list=extend_schema(
        summary="Rosters that you may see",
        description="Managers see every roster of their departments, nurses and "
        "clinicians those that are published.",
    ),
    retrieve=extend_schema(summary="One roster; `version` is its ETag"),
)
class RosterViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "rosters"
    roles = ROLES
    write_roles = tuple(EDITORS)
    queryset = Roster.objects.none()
    serializer_class = RosterSerializer
    filterset_class = RosterFilter
    search_fields = ["name"]
    ordering_fields = ["name", "start", "created", "updated", "state"]
    ordering = ["-start", "name", "id"]

    def get_queryset(self) -> QuerySet[Roster]:
        return with_figures(rosters_visible_to(principal_of(self.request)))

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        roster = self.get_object()
        return Response(self.get_serializer(roster).data, headers=etag(roster))

    def handle_exception(self, exc: Exception) -> Response:
        """Name the line of a problem that cannot be read."""
        response = super().handle_exception(exc)
        if isinstance(exc, UnreadableProblem) and isinstance(response.data, dict):
            response.data["line"] = exc.line or None
        return response

    @extend_schema(
        summary="Make a roster from a problem",
        request=NewRosterSerializer,
        responses={
            201: RosterIdSerializer,
            413: OpenApiResponse(description="More than 5 MB"),
            422: OpenApiResponse(
                description="Not what its format says; `line` is where"
            ),
        },
        examples=[
            OpenApiExample("From a text", request_only=True, value=ANJI_EXAMPLE),
            OpenApiExample(
                "Made",
                response_only=True,
                value={"id": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a01"},
            ),
        ],
    )
    def create(self, request: Request) -> Response:
        principal = principal_of(request)
        form = NewRosterSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        roster = create_roster(
            author=principal.user,
            department=department_of(sent.get("department"), principal),
            name=sent["name"],
            problem=Problem(sent["format"], sent.get("text", ""), sent.get("instance")),
        )
        headers = {"Location": f"/api/v1/rosters/{roster.id}/", **etag(roster)}
        return Response({"id": str(roster.id)}, status=201, headers=headers)


class InstanceView(EditorsDoor):
    @extend_schema(
        operation_id="rosters_instance",
        summary="The roster's problem in the anji form",
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, roster_id: UUID) -> Response:
        return Response(self.roster(roster_id).instance)


class PeopleView(RosterDoor, generics.ListAPIView):
    queryset = RosterPerson.objects.none()
    serializer_class = RosterPersonSerializer
    search_fields = ["key", "name"]
    ordering_fields = ["position", "key", "name"]
    ordering = ["position", "id"]

    def get_queryset(self) -> QuerySet[RosterPerson]:
        roster = self.roster(self.kwargs["roster_id"])
        return roster.people.select_related("user")

    @extend_schema(summary="The people of a roster, and whose accounts they are")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)


class AccountView(EditorsDoor):
    @extend_schema(
        summary="Say whose account a person of the roster is",
        request=TieSerializer,
        responses=RosterPersonSerializer,
        examples=[
            OpenApiExample(
                "A nurse's account",
                request_only=True,
                value={"user": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a04"},
            ),
            OpenApiExample("Nobody's", request_only=True, value={"user": None}),
        ],
    )
    def put(self, request: Request, roster_id: UUID, key: str) -> Response:
        roster = self.roster(roster_id)
        person = get_object_or_404(roster.people, key=key)
        form = TieSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        tied = tie_account(
            roster=roster,
            author=self.author(),
            key=person.key,
            user=_user(form.validated_data["user"]),
        )
        return Response(RosterPersonSerializer(tied).data)


class ClosureView(EditorsDoor):
    @extend_schema(
        summary="Close a published roster for good",
        request=None,
        responses={
            201: RosterSerializer,
            409: OpenApiResponse(description="Closed already, or never published"),
        },
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        close_roster(roster=self.roster(roster_id), author=self.author())
        roster = self.roster(roster_id)
        return Response(RosterSerializer(roster).data, status=201, headers=etag(roster))


def department_of(code: str | None, principal: Principal) -> Department:
    """Return a department of one's own by its code; the first one where none is named.

    Raises:
        InvalidInput: One has none of that code.
    """
    if code is None:
        found = default_department(principal)
    else:
        found = departments_visible_to(principal).filter(code=code).first()
    if found is None:
        message = _("There is no such department among yours.")
        raise InvalidInput(message, code="invalid", fields={"department": [message]})
    return found


def _user(user_id: UUID | None) -> User | None:
    if user_id is None:
        return None
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None:
        message = _("There is no such account.")
        raise InvalidInput(message, code="invalid", fields={"user": [message]})
    return found
