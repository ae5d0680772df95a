"""The hospital's own law profiles in REST."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import NOT_TAKEN, RosterDoor
from scheduling.api.holidays import KEEPING_ROLES
from scheduling.models import HouseLaw
from scheduling.selectors.laws import law_profiles_visible_to
from scheduling.selectors.rosters import EDITORS
from scheduling.services.house_laws import enter_law, withdraw_law

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
        fields = [
            "id",
            "profile",
            "code",
            "version",
            "title",
            "title_zh",
            "effective_from",
            "effective_until",
            "sources",
            "clauses",
            "is_withdrawn",
            "created",
        ]


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
