"""Swaps in REST: partners found, offers made, answered and decided on."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from scheduling.api.base import NOT_TAKEN, ROLES, EditorsDoor, RosterDoor
from scheduling.api.staff_serializers import (
    VERDICT_EXAMPLES,
    NewSwapSerializer,
    PartnerSerializer,
    SwapSerializer,
    VerdictSerializer,
)
from scheduling.limits import SWAPS_SUGGESTED
from scheduling.models import RosterPerson, Swap
from scheduling.saying.swaps import partners_of
from scheduling.selectors.rosters import own_shifts_visible_to, with_wards
from scheduling.selectors.self_service import shifts_beside, swaps_visible_to
from scheduling.services.swaps import (
    Offer,
    answer_swap,
    ask_swap,
    decide_swap,
    swaps_for,
    withdraw_swap,
)

STANDS_OTHERWISE = OpenApiResponse(description="It stands otherwise by now")


class SwapsView(RosterDoor, generics.ListAPIView):
    queryset = Swap.objects.none()
    serializer_class = SwapSerializer
    filterset_fields = ["roster", "state"]
    ordering_fields = ["created"]
    ordering = ["-created", "id"]
    write_roles = ROLES

    def get_queryset(self) -> QuerySet[Swap]:
        return swaps_visible_to(principal_of(self.request))

    @extend_schema(summary="Swaps one has a part in, and those of rosters one makes")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Offer one's published shift to a colleague",
        request=NewSwapSerializer,
        responses={
            201: SwapSerializer,
            409: OpenApiResponse(
                description="The shift changed, has begun, or is taken"
            ),
            422: OpenApiResponse(description="It would break rules; see `errors`"),
        },
        examples=[
            OpenApiExample(
                "A shift for a shift",
                request_only=True,
                value={
                    "shift": 4711,
                    "colleague": "018f2f6e-3f0c-7b6a-9d57-0f3c8c1f0a02",
                    "in_return": 4715,
                    "note": "My daughter's birthday.",
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        form = NewSwapSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        own = own_shifts_visible_to(principal_of(request))
        shift = get_object_or_404(own, pk=sent["shift"])
        back = sent.get("in_return")
        swap = ask_swap(
            user=self.author(),
            offer=Offer(
                shift=shift,
                colleague=get_object_or_404(
                    RosterPerson, pk=sent["colleague"], roster=shift.person.roster_id
                ),
                in_return=(
                    get_object_or_404(shifts_beside(shift), pk=back) if back else None
                ),
                note=sent["note"],
            ),
        )
        return Response(SwapSerializer(swap).data, status=201)


class PartnersQuery(serializers.Serializer):
    shift = serializers.IntegerField(min_value=1)


class PartnersView(RosterDoor, generics.GenericAPIView):
    serializer_class = PartnerSerializer
    filter_backends = ()  # they are reckoned, and stand in the order of their cost

    @extend_schema(
        summary="With whom one's published shift can be swapped, cheapest first",
        parameters=[OpenApiParameter("shift", int, required=True)],
        responses=PartnerSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        form = PartnersQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        own = with_wards(own_shifts_visible_to(principal_of(request)))
        shift = get_object_or_404(own, pk=form.validated_data["shift"])
        found = swaps_for(shift)[:SWAPS_SUGGESTED]
        page = self.paginate_queryset(partners_of(shift, found))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class SwapView(RosterDoor):
    write_roles = ROLES

    @extend_schema(
        summary="Take one's offer back",
        responses={200: SwapSerializer, 409: STANDS_OTHERWISE},
    )
    def delete(self, request: Request, swap_id: UUID) -> Response:
        swap = get_object_or_404(swaps_visible_to(principal_of(request)), pk=swap_id)
        withdrawn = withdraw_swap(swap=swap, user=self.author())
        return Response(SwapSerializer(withdrawn).data)


class AnswerView(RosterDoor):
    write_roles = ROLES

    @extend_schema(
        summary="Say yes or no to a colleague's offer",
        description="`state` tells what became of it: `accepted` waits for the "
        "manager, `done` was published at once, `closed` is no longer possible.",
        request=VerdictSerializer,
        responses={200: SwapSerializer, 409: STANDS_OTHERWISE},
        examples=VERDICT_EXAMPLES,
    )
    def post(self, request: Request, swap_id: UUID) -> Response:
        swap = get_object_or_404(swaps_visible_to(principal_of(request)), pk=swap_id)
        form = VerdictSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        answered = answer_swap(
            swap=swap,
            user=self.author(),
            is_accepted=sent["accepted"],
            reason=sent["reason"],
        )
        return Response(SwapSerializer(answered).data)


class SwapDecisionView(EditorsDoor):
    @extend_schema(
        summary="Approve a swap, which publishes it, or refuse it",
        description="`closed` in the answer: it is no longer possible, and why.",
        request=VerdictSerializer,
        responses={200: SwapSerializer, 409: STANDS_OTHERWISE, 422: NOT_TAKEN},
        examples=VERDICT_EXAMPLES,
    )
    def post(self, request: Request, swap_id: UUID) -> Response:
        swap = get_object_or_404(swaps_visible_to(principal_of(request)), pk=swap_id)
        form = VerdictSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        decided = decide_swap(
            swap=swap,
            author=self.author(),
            is_approved=sent["accepted"],
            reason=sent["reason"],
        )
        return Response(SwapSerializer(decided).data)
