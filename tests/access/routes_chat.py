"""The chat: open to everybody for talks of one's own; its figures to those who answer."""

from tests.access.route import STRANGERS, page

FIGURES = frozenset({"manager", "clinician", "administrator"})
OWN = {"patient": {"own"}, "other patient": {"other"}}  # one's own alone, staff or not

ROUTES = [
    page("chat/", STRANGERS, get=200),
    page("chat/talks/", STRANGERS, get=200),
    page(
        "chat/<uuid:conversation_id>/",
        STRANGERS,
        of="conversation_id",
        sees=OWN,
        get=200,
    ),
    page("chat/manifest.webmanifest", STRANGERS, get=200),
    page("chat/worker.js", STRANGERS, get=200),
    page("chat/offline/", STRANGERS, get=200),
    page("conversations/quality/", FIGURES, get=200),
]
