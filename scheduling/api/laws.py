"""The hospital's own law profiles in REST."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import (
    IF_MATCH,
    NOT_TAKEN,
    STALE,
    EditorsDoor,
    RosterDoor,
    etag,
    required_version,
)
from scheduling.api.holidays import KEEPING_ROLES
from scheduling.models import HouseLaw, Roster
from scheduling.models.law import CONTENT
from scheduling.problems import instance_of
from scheduling.selectors.laws import law_profiles_visible_to
from scheduling.selectors.rosters import EDITORS
from scheduling.services.house_laws import enter_law, withdraw_law
from scheduling.services.laws import choose_law
from scheduling.solver.laws import law_in, law_rules

EXAMPLE = {
    "code": "night-agreement",
    "title": "Night agreement",
    "title_zh": "夜班协议",
    "effective_from": "2026-01-01",
    "sources": [
        {"title": "Agreement of 2025-11-03", "url": "https://hospital.example/nights"}
    ],
    "clauses": [
        {"kind": "daily_rest", "name": "12 h between shifts", "hours": 12},
        {"kind": "longest_run", "name": "2 nights in a row", "of": "nights", "days": 2},
    ],
}


class NewLawSerializer(serializers.Serializer):
    """A profile in the form of those that come with the product."""

    code = serializers.SlugField(
        max_length=50, help_text="The same code again makes the next version."
    )
    title = serializers.CharField(max_length=200)
    title_zh = serializers.CharField(max_length=200, required=False)
    effective_from = serializers.DateField(required=False, allow_null=True)
    effective_until = serializers.DateField(required=False, allow_null=True)
    sources = serializers.ListField(child=serializers.DictField(), required=False)
    clauses = serializers.ListField(child=serializers.DictField())


class HouseLawSerializer(serializers.ModelSerializer):
    profile = serializers.CharField(
        source="key", read_only=True, help_text="What a roster is put under."
    )

    class Meta:
        model = HouseLaw
        fields = ["id", "profile", *CONTENT, "is_withdrawn", "created"]


class LawProfilesView(RosterDoor, generics.ListAPIView):
    queryset = HouseLaw.objects.none()
    serializer_class = HouseLawSerializer
    filterset_fields = ["code", "is_withdrawn"]
    ordering = ["code", "-version"]
    roles = tuple(EDITORS)
    write_roles = KEEPING_ROLES

    def get_queryset(self) -> QuerySet[HouseLaw]:
        return law_profiles_visible_to(principal_of(self.request))

    @extend_schema(
        summary="Bring in a law profile of the hospital's own, or its next version",
        description="What is the same as the newest version makes no other one. A version "
        "is never changed: rosters under it keep it.",
        request=NewLawSerializer,
        responses={201: HouseLawSerializer, 422: NOT_TAKEN},
        examples=[
            OpenApiExample("Night agreement", request_only=True, value=EXAMPLE),
        ],
    )
    def post(self, request: Request) -> Response:
        made = enter_law(author=self.author(), document=request.data)
        headers = {"Location": f"/api/v1/law-profiles/{made.id}/"}
        return Response(HouseLawSerializer(made).data, status=201, headers=headers)


class LawDoor(RosterDoor):
    roles = tuple(EDITORS)
    write_roles = KEEPING_ROLES

    def law(self, law_id: UUID) -> HouseLaw:
        visible = law_profiles_visible_to(principal_of(self.request))
        return get_object_or_404(visible, pk=law_id)


class LawProfileView(LawDoor):
    @extend_schema(summary="A version of a law profile", responses=HouseLawSerializer)
    def get(self, request: Request, law_id: UUID) -> Response:
        return Response(HouseLawSerializer(self.law(law_id)).data)


class LawWithdrawalView(LawDoor):
    @extend_schema(
        summary="Offer a law profile no more; rosters under it keep it",
        request=None,
        responses=HouseLawSerializer,
    )
    def post(self, request: Request, law_id: UUID) -> Response:
        law = withdraw_law(author=self.author(), law=self.law(law_id))
        return Response(HouseLawSerializer(law).data)


class RosterLawSerializer(serializers.Serializer):
    """The law that a roster is under; `profile` is empty for none."""

    profile = serializers.CharField(allow_blank=True, max_length=64)
    clauses = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="Names of the profile's optional clauses that count too.",
    )


class RosterLawView(EditorsDoor):
    @extend_schema(
        summary="The law that the roster is under",
        description="`clauses` names those whose rules it has.",
        responses=RosterLawSerializer,
    )
    def get(self, request: Request, roster_id: UUID) -> Response:
        return self._answer(self.roster(roster_id))

    @extend_schema(
        summary="Put the roster under a law, another or none",
        description="What the ward published before counts in the averages of its "
        "reference period.",
        parameters=[IF_MATCH],
        request=RosterLawSerializer,
        responses={
            200: RosterLawSerializer,
            412: STALE,
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "The European directive",
                request_only=True,
                value={
                    "profile": "eu-2003-88-ec",
                    "clauses": ["8 h a strenuous night"],
                },
            )
        ],
    )
    def put(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        version = required_version(request)
        form = RosterLawSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changed = choose_law(
            roster=roster,
            author=self.author(),
            profile=form.validated_data["profile"],
            asked=form.validated_data.get("clauses", []),
            expected_version=version,
        )
        return self._answer(changed)

    def _answer(self, roster: Roster) -> Response:
        instance = instance_of(roster)
        answer = {"profile": law_in(instance), "clauses": sorted(law_rules(instance))}
        return Response(answer, headers=etag(roster))
