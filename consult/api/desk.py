"""The staff's desk in REST: take, give back, let another take, correct."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from consult.api.base import ConversationDoor
from consult.api.conversations import whole
from consult.api.serializers import (
    CorrectionSerializer,
    TurnSerializer,
    WholeConversationSerializer,
)
from consult.opened import note_opening
from consult.selectors.conversations import turns_shown
from consult.services.handover import (
    correct_answer,
    hand_back,
    put_back,
    take_conversation,
)

TAKEN = OpenApiResponse(description="Somebody else has it, or it does not wait")


class Taking(ConversationDoor):
    """Taking a conversation that waits."""

    @extend_schema(
        summary="Take a conversation that waits",
        request=None,
        responses={200: WholeConversationSerializer, 409: TAKEN},
    )
    def post(self, request: Request, talk_id: UUID) -> Response:
        row, staff = self.seen(talk_id), self.server()
        note_opening(request, row)
        return whole(take_conversation(conversation=row, staff=staff.user))


class Return(ConversationDoor):
    """Giving a conversation back to the assistant."""

    @extend_schema(
        summary="Give a conversation back to the assistant",
        request=None,
        responses=WholeConversationSerializer,
    )
    def post(self, request: Request, talk_id: UUID) -> Response:
        row, staff = self.seen(talk_id), self.server()
        return whole(hand_back(conversation=row, staff=staff))


class Queue(ConversationDoor):
    """Putting a conversation back into the queue."""

    @extend_schema(
        summary="Let somebody else take a conversation",
        request=None,
        responses=WholeConversationSerializer,
    )
    def post(self, request: Request, talk_id: UUID) -> Response:
        row, staff = self.seen(talk_id), self.server()
        return whole(put_back(conversation=row, staff=staff))


class Correction(ConversationDoor):
    """What the assistant should have said."""

    @extend_schema(
        summary="Say what the assistant should have answered",
        request=CorrectionSerializer,
        responses=TurnSerializer,
    )
    def post(self, request: Request, talk_id: UUID) -> Response:
        row, staff = self.seen(talk_id), self.server()
        sent = CorrectionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        turn = get_object_or_404(turns_shown(row), pk=sent.validated_data["turn"])
        text = sent.validated_data["text"]
        return Response(
            TurnSerializer(
                correct_answer(answer=turn, staff=staff.user, text=text)
            ).data
        )
