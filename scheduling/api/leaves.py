"""Leave in REST: asked for, taken back, decided on."""

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
from scheduling.api.rosters import department_of
from scheduling.api.staff_serializers import (
    VERDICT_EXAMPLES,
    LeaveSerializer,
    NewLeaveSerializer,
    ReasonSerializer,
    VerdictSerializer,
)
from scheduling.models import Leave
from scheduling.selectors.self_service import leaves_visible_to
from scheduling.services.leave import (
    Away,
    ask_leave,
    decide_leave,
    undo_leave,
    withdraw_leave,
)

DECIDED = OpenApiResponse(description="It was decided or taken back before")


class LeavesView(RosterDoor, generics.ListAPIView):
    queryset = Leave.objects.none()
    serializer_class = LeaveSerializer
    filterset_fields = {
        "state": ["exact"],
        "kind": ["exact"],
        "first": ["gte", "lte"],
        "last": ["gte", "lte"],
    }
    ordering_fields = ["first", "created"]
    ordering = ["-first", "id"]
    write_roles = ROLES

    def get_queryset(self) -> QuerySet[Leave]:
        return leaves_visible_to(principal_of(self.request))

    @extend_schema(summary="One's own leave, and that of the departments one rosters")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Ask one's ward for leave",
        request=NewLeaveSerializer,
        responses={
            201: LeaveSerializer,
            409: OpenApiResponse(description="It overlaps leave asked for before"),
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "A week",
                request_only=True,
                value={"kind": "annual", "first": "2027-07-05", "last": "2027-07-11"},
            )
        ],
    )
    def post(self, request: Request) -> Response:
        form = NewLeaveSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        leave = ask_leave(
            user=self.author(),
            department=department_of(sent.get("department"), principal_of(request)),
            away=Away(sent["kind"], sent["first"], sent["last"], sent["note"]),
        )
        return Response(LeaveSerializer(leave).data, status=201)


class LeaveView(RosterDoor):
    write_roles = ROLES

    @extend_schema(
        summary="Take one's leave back, while the ward has not decided",
        responses={200: LeaveSerializer, 409: DECIDED},
    )
    def delete(self, request: Request, leave_id: UUID) -> Response:
        visible = leaves_visible_to(principal_of(request))
        leave = withdraw_leave(
            leave=get_object_or_404(visible, pk=leave_id), user=self.author()
        )
        return Response(LeaveSerializer(leave).data)


class LeaveDecisionView(EditorsDoor):
    @extend_schema(
        summary="Approve leave, or decline it with a reason",
        description="Approved, it enters every draft that it touches.",
        request=VerdictSerializer,
        responses={200: LeaveSerializer, 409: DECIDED, 422: NOT_TAKEN},
        examples=VERDICT_EXAMPLES,
    )
    def post(self, request: Request, leave_id: UUID) -> Response:
        visible = leaves_visible_to(principal_of(request))
        leave = get_object_or_404(visible, pk=leave_id)
        form = VerdictSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        decided = decide_leave(
            leave=leave,
            author=self.author(),
            is_approved=form.validated_data["accepted"],
            reason=form.validated_data["reason"],
        )
        return Response(LeaveSerializer(decided).data)


class LeaveUndoingView(EditorsDoor):
    @extend_schema(
        summary="Take the ward's approval of leave back",
        description="Its days leave every roster that is not closed; cells stay.",
        request=ReasonSerializer,
        responses={
            200: LeaveSerializer,
            409: OpenApiResponse(description="It is not approved, or is over"),
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "With the reason that the person reads",
                request_only=True,
                value={"reason": "Too few would be left for the night of 9 July."},
            )
        ],
    )
    def post(self, request: Request, leave_id: UUID) -> Response:
        visible = leaves_visible_to(principal_of(request))
        leave = get_object_or_404(visible, pk=leave_id)
        form = ReasonSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        undone = undo_leave(
            leave=leave, author=self.author(), reason=form.validated_data["reason"]
        )
        return Response(LeaveSerializer(undone).data)
