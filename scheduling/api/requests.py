"""Requests of the staff in REST: a period is opened, days are asked for, decided on."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import NOT_TAKEN, ROLES, EditorsDoor, RosterDoor
from scheduling.api.staff_serializers import (
    VERDICT_EXAMPLES,
    AskingSerializer,
    NewPeriodSerializer,
    RequestPeriodSerializer,
    ShiftRequestSerializer,
    VerdictSerializer,
)
from scheduling.models import RequestPeriod, ShiftRequest
from scheduling.selectors.self_service import (
    request_periods_visible_to,
    requests_visible_to,
)
from scheduling.services.requests import (
    Asked,
    ask_requests,
    close_requests,
    decide_requests,
    open_requests,
    withdraw_request,
)

OVER = OpenApiResponse(description="The period is over, or the day decided on")
# A bare list: of a view that lists, a serializer's would be described as a page of it.
ROW_A_DAY = {"type": "array", "items": {"$ref": "#/components/schemas/ShiftRequest"}}


class PeriodsView(RosterDoor, generics.ListAPIView):
    queryset = RequestPeriod.objects.none()
    serializer_class = RequestPeriodSerializer
    filterset_fields = ["roster"]
    ordering_fields = ["closes", "created"]
    ordering = ["-closes"]

    def get_queryset(self) -> QuerySet[RequestPeriod]:
        visible = request_periods_visible_to(principal_of(self.request))
        return visible.select_related("roster").defer("roster__instance")

    @extend_schema(summary="Rosters with oneself in them, or one's own, and requests")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PeriodView(EditorsDoor):
    @extend_schema(
        operation_id="rosters_request_period",
        summary="Open a draft for requests, or change until when",
        request=NewPeriodSerializer,
        responses={
            200: RequestPeriodSerializer,
            409: OpenApiResponse(description="The roster is a draft no more"),
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "Six points a person",
                request_only=True,
                value={"closes": "2027-01-15", "budget": 6},
            )
        ],
    )
    def put(self, request: Request, roster_id: UUID) -> Response:
        roster = self.roster(roster_id)
        form = NewPeriodSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        period = open_requests(
            roster=roster, author=self.author(), **form.validated_data
        )
        return Response(_told(period))

    @extend_schema(
        summary="Take no more requests; those asked for stay",
        responses={200: RequestPeriodSerializer},
    )
    def delete(self, request: Request, roster_id: UUID) -> Response:
        period = get_object_or_404(RequestPeriod, roster=self.roster(roster_id))
        return Response(_told(close_requests(period=period, author=self.author())))


class RequestsView(RosterDoor, generics.ListAPIView):
    queryset = ShiftRequest.objects.none()
    serializer_class = ShiftRequestSerializer
    filterset_fields = {"person__roster": ["exact"], "state": ["exact"]}
    ordering_fields = ["date", "points", "created"]
    ordering = ["date", "id"]
    write_roles = ROLES

    def get_queryset(self) -> QuerySet[ShiftRequest]:
        visible = requests_visible_to(principal_of(self.request))
        return visible.select_related("person")

    @extend_schema(summary="One's own requests, and those of the rosters one makes")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Ask for days off or shifts, all of them or none",
        request=AskingSerializer,
        responses={
            201: OpenApiResponse(ROW_A_DAY, "A row a day"),
            409: OVER,
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "A weekend off",
                request_only=True,
                value={
                    "period": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a03",
                    "days": [12, 13],
                    "wish": "off",
                    "points": 2,
                },
            ),
            OpenApiExample(
                "A late shift",
                request_only=True,
                value={
                    "period": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a03",
                    "days": [4],
                    "wish": "on",
                    "shift": "L",
                    "points": 1,
                },
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        form = AskingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        visible = request_periods_visible_to(principal_of(request))
        made = ask_requests(
            period=get_object_or_404(visible, pk=sent["period"]),
            user=self.author(),
            asked=Asked(sent["days"], sent["wish"], sent["shift"], sent["points"]),
        )
        return Response(ShiftRequestSerializer(made, many=True).data, status=201)


class RequestView(RosterDoor):
    write_roles = ROLES

    @extend_schema(summary="Take one's request back", responses={204: None, 409: OVER})
    def delete(self, request: Request, request_id: UUID) -> Response:
        visible = requests_visible_to(principal_of(request))
        withdraw_request(
            request=get_object_or_404(visible, pk=request_id), user=self.author()
        )
        return Response(status=204)


class RequestDecisionView(EditorsDoor):
    @extend_schema(
        summary="Take a request into the roster's problem, or decline it",
        request=VerdictSerializer,
        responses={
            200: ShiftRequestSerializer,
            409: OpenApiResponse(description="The roster is a draft no more"),
        },
        examples=VERDICT_EXAMPLES,
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        visible = requests_visible_to(principal_of(request))
        one = get_object_or_404(visible.select_related("person__roster"), pk=request_id)
        form = VerdictSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        decide_requests(
            roster=one.person.roster,
            author=self.author(),
            requests=[one.pk],
            is_accepted=form.validated_data["accepted"],
        )
        one.refresh_from_db()
        return Response(ShiftRequestSerializer(one).data)


def _told(period: RequestPeriod) -> Any:  # Any: what a serializer gives
    return RequestPeriodSerializer(period).data
