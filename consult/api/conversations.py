"""Conversations in REST: begin, write, read, stop, ask anew, rate, ask for a person."""

from functools import cache
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from consult.api.base import (
    ConversationDoor,
    spend_conversation,
    spend_handover,
    spend_message,
    too_many_messages,
)
from consult.api.serializers import (
    AboutSerializer,
    ConsentSerializer,
    ConversationSerializer,
    MessageSerializer,
    OpenedSerializer,
    RatingSerializer,
    TakenSerializer,
    TurnSerializer,
    TurnsSerializer,
    WholeConversationSerializer,
)
from consult.askers import Asker, digest_of_secret, keep_secret, new_secret
from consult.models import Conversation, Turn
from consult.opened import note_opening
from consult.selectors import conversations_visible_to, is_own
from consult.selectors.conversations import open_answer, turns_shown
from consult.services.answers import answer_again, stop_answer
from consult.services.encounters import send_summary
from consult.services.handover import (
    close_conversation,
    request_human,
    withdraw_request,
    write_to_patient,
)
from consult.services.messages import Taken, take_message
from consult.services.opening import (
    About,
    acknowledge,
    give_consent,
    open_conversation,
    rate_answer,
    rate_conversation,
)
from consult.speaking import as_language

BUSY = OpenApiResponse(description="Too many; `Retry-After` says when to try again")


class Conversations(ConversationDoor, ListAPIView):
    """One's own conversations, and where the next one begins."""

    begins = True
    queryset = Conversation.objects.none()
    serializer_class = ConversationSerializer
    filterset_fields = {"state": ["exact"]}
    search_fields: list[str] = []
    ordering_fields = ["created", "updated"]

    def get_queryset(self) -> Any:  # Any: the generic view's own type
        return conversations_visible_to(self.asker).select_related("taken_by")

    @extend_schema(summary="Conversations that you may read, the newest first")
    def get(
        self, request: Request, *args: Any, **kwargs: Any
    ) -> Response:  # Any: ditto
        return self.list(request, *args, **kwargs)

    @extend_schema(
        summary="Begin a conversation",
        description="Nobody needs an account. A stranger is given a secret this once, "
        "and the browser a cookie: whoever brings it, as a bearer token, too, reads on. "
        "Where `lang` is left out it is the language of the request.",
        request=AboutSerializer,
        responses={201: OpenedSerializer, 429: BUSY},
    )
    def post(self, request: Request) -> Response:
        told = AboutSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        asker, secret = self.asker, ""
        spend_conversation(request, asker)
        if asker.is_nobody:
            secret = new_secret()
            asker = Asker(None, digest_of_secret(secret))
        values = told.validated_data
        lang = values.get("lang") or as_language(get_language() or "")
        about = About(lang, values.get("age"), values.get("sex"), values["pregnant"])
        row = open_conversation(asker=asker, about=about)
        data = dict(ConversationSerializer(row).data)
        headers = {"Location": f"{request.path}{row.pk}/"}
        if secret:
            data["secret"] = secret
        response = Response(data, status=status.HTTP_201_CREATED, headers=headers)
        if secret:
            keep_secret(response, secret)
        return response


class OneConversation(ConversationDoor):
    """One conversation with all its turns."""

    @extend_schema(
        summary="A conversation with its turns", responses=WholeConversationSerializer
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        row = self.seen(conversation_id)
        note_opening(request, row)
        return Response(WholeConversationSerializer(row).data)


class Messages(ConversationDoor):
    """What was said, and saying more."""

    @extend_schema(
        summary="Turns of a conversation, after a number",
        parameters=[OpenApiParameter("after", int)],
        responses=TurnsSerializer,
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        row = self.seen(conversation_id)
        note_opening(request, row)
        after = request.query_params.get("after", "0")
        number = int(after) if after.isascii() and after.isdecimal() else 0
        turns = turns_shown(row).filter(number__gt=min(number, 2**31 - 1))
        return Response(
            {
                "results": TurnSerializer(turns, many=True).data,
                "is_answering": open_answer(row) is not None,
                "state": row.state,
                "level": row.level,
                "acuity": row.acuity,
            }
        )

    @extend_schema(
        summary="Write a message",
        description="Danger is judged before this answers: `safety` says what. The "
        "answer arrives as events on the conversation's topic. Staff who hold the "
        "conversation write to the patient here.",
        request=MessageSerializer,
        responses={202: TakenSerializer, 413: None, 422: None, 429: BUSY},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.seen(conversation_id, whole=False)
        staff = None if is_own(row, self.asker) else self.server()
        sent = MessageSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        if staff is not None:
            turn = write_to_patient(conversation=row, staff=staff, text=values["text"])
            taken = Taken(turn, None)
        else:
            too_many = too_many_messages(request, self.asker, row)
            taken = take_message(
                conversation=row,
                text=values["text"],
                client_id=values.get("client_id"),
                spoken=values["spoken"],
                too_many=too_many,
            )
        return Response(as_taken(taken), status=status.HTTP_202_ACCEPTED)


class Stop(ConversationDoor):
    """Stopping the answer that is being made."""

    @extend_schema(
        summary="Stop the answer that is being made",
        request=None,
        responses=inline_serializer("Stopped", {"stopped": serializers.BooleanField()}),
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.own(conversation_id)
        return Response({"stopped": stop_answer(conversation=row)})


class Regenerate(ConversationDoor):
    """Another answer instead of the newest one."""

    @extend_schema(
        summary="Replace the newest answer by another",
        request=None,
        responses={
            202: inline_serializer("Again", {"answer": serializers.UUIDField()})
        },
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.own(conversation_id)
        spend_message(request, self.asker, row)
        answer = answer_again(conversation=row)
        return Response({"answer": str(answer.pk)}, status=status.HTTP_202_ACCEPTED)


class Rating(ConversationDoor):
    """What the patient thinks of an answer, or of the whole conversation."""

    @extend_schema(
        summary="Rate an answer, or the conversation",
        request=RatingSerializer,
        responses=TurnSerializer,
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.own(conversation_id)
        sent = RatingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        value, named = sent.validated_data["value"], sent.validated_data.get("turn")
        if named is None:
            return whole(rate_conversation(conversation=row, value=value))
        turn: Turn = get_object_or_404(turns_shown(row), pk=named)
        words = sent.validated_data["words"]
        return Response(
            TurnSerializer(rate_answer(answer=turn, value=value, words=words)).data
        )


class Handover(ConversationDoor):
    """Asking for a person; it works before the first message."""

    @extend_schema(
        summary="Ask for a person of the hospital",
        request=None,
        responses={200: WholeConversationSerializer, 429: BUSY},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.own(conversation_id)
        spend_handover(row)
        return whole(request_human(conversation=row))


class BackToBot(ConversationDoor):
    """Waiting no longer."""

    @extend_schema(
        summary="Wait no longer for a person",
        request=None,
        responses=WholeConversationSerializer,
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return whole(withdraw_request(conversation=self.own(conversation_id)))


class Acknowledgement(ConversationDoor):
    """The card of a danger was seen, and is acted on."""

    @extend_schema(
        summary="Say that the warning was seen and is acted on",
        request=None,
        responses=WholeConversationSerializer,
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return whole(acknowledge(conversation=self.own(conversation_id)))


class Summary(ConversationDoor):
    """The summary before the visit goes to the department."""

    @extend_schema(
        summary="Send the summary before the visit to the department",
        description="`summary` of the conversation is what is sent: the person reads it "
        "first. It is written into the patient's own record; strangers have none (409).",
        request=None,
        responses={200: WholeConversationSerializer, 409: None},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        return whole(send_summary(conversation=self.own(conversation_id)))


class Consent(ConversationDoor):
    """Whether the hospital may learn from the talk."""

    @extend_schema(
        summary="Allow or forbid that the talk is learned from",
        request=ConsentSerializer,
        responses=WholeConversationSerializer,
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.own(conversation_id)
        sent = ConsentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return whole(give_consent(conversation=row, **sent.validated_data))


class Closing(ConversationDoor):
    """The end of a conversation: the patient's own, or of whoever holds it."""

    @extend_schema(
        summary="Close a conversation",
        request=None,
        responses=WholeConversationSerializer,
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        row = self.seen(conversation_id)
        staff = None if is_own(row, self.asker) else self.server()
        return whole(close_conversation(conversation=row, staff=staff))


def whole(row: Conversation) -> Response:
    return Response(WholeConversationSerializer(row).data)


@cache
def _turns() -> TurnSerializer:
    """Return what tells a turn: its fields are found out once, not for each message."""
    return TurnSerializer()


def as_taken(taken: Taken) -> dict[str, Any]:  # Any: JSON
    """Return what the writer of a message is told at once."""
    turn, row = taken.turn, taken.turn.conversation
    return {
        "turn": _turns().to_representation(turn),
        "answer": str(taken.answer.pk) if taken.answer else None,
        "safety": {
            "level": turn.level or row.level,
            "acuity": turn.outcome.get("acuity") or row.acuity,
            "emergency": row.level == "emergency",
            "crisis": row.is_crisis,
            "card": turn.card,
        },
        "is_queued": taken.is_queued,
        "state": row.state,
    }
