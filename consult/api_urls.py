"""Conversations in REST."""

from django.urls import path

from consult.api import conversations, desk, transcriptions

ONE = "conversations/<uuid:conversation_id>/"
ONE_AT_THE_DESK = "conversations/<uuid:talk_id>/"
DOORS = {
    "messages": conversations.Messages,
    "stop": conversations.Stop,
    "regenerate": conversations.Regenerate,
    "rating": conversations.Rating,
    "handover": conversations.Handover,
    "bot": conversations.BackToBot,
    "acknowledgement": conversations.Acknowledgement,
    "summary": conversations.Summary,
    "consent": conversations.Consent,
    "closing": conversations.Closing,
}
# Doors of a conversation that waits for the desk, or is at it.
DESK_DOORS = {
    "taking": desk.Taking,
    "return": desk.Return,
    "queue": desk.Queue,
    "correction": desk.Correction,
}

urlpatterns = [
    path(
        "transcriptions/",
        transcriptions.Transcriptions.as_view(),
        name="api-transcriptions",
    ),
    path(
        "conversations/",
        conversations.Conversations.as_view(),
        name="api-conversations",
    ),
    path(ONE, conversations.OneConversation.as_view(), name="api-conversation"),
    *(
        path(f"{ONE}{noun}/", door.as_view(), name=f"api-conversation-{noun}")
        for noun, door in DOORS.items()
    ),
    *(
        path(f"{ONE_AT_THE_DESK}{noun}/", door.as_view(), name=f"api-desk-{noun}")
        for noun, door in DESK_DOORS.items()
    ),
]
