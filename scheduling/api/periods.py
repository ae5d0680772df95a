"""The next period of a ward in REST: begun where a roster ends."""

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from scheduling.api.base import NOT_TAKEN, EditorsDoor, etag
from scheduling.api.rosters import RosterIdSerializer
from scheduling.forms.wards import DAYS_A_WEEK, MOST_WEEKS
from scheduling.services.periods import make_next_period


class NextPeriodSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    weeks = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_WEEKS,
        help_text="By default as long as the roster that ends.",
    )


class NextPeriodView(EditorsDoor):
    @extend_schema(
        summary="Make the draft of the days after a roster",
        description="People, contracts, accounts and demand by weekday stay; what was "
        "published counts as the past. Nobody is assigned yet.",
        request=NextPeriodSerializer,
        responses={
            201: RosterIdSerializer,
            409: OpenApiResponse(
                description="There is one of this name for these days"
            ),
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "Four weeks",
                request_only=True,
                value={"name": "Ward 3, July", "weeks": 4},
            )
        ],
    )
    def post(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        form = NextPeriodSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        weeks = sent.get("weeks")
        made = make_next_period(
            roster=roster,
            author=self.author(),
            name=sent["name"],
            days=weeks * DAYS_A_WEEK if weeks else roster.days,
        )
        headers = {"Location": f"/api/v1/rosters/{made.id}/", **etag(made)}
        return Response({"id": str(made.id)}, status=201, headers=headers)
