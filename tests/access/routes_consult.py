"""Conversations: their owner's, a stranger's by the secret, and the desk's."""

from tests.access.route import (
    ADMINISTRATOR,
    EVERYBODY,
    STRANGERS,
    Route,
    page,
    rest,
)

ONE = "api/v1/conversations/<uuid:conversation_id>/"
AT_DESK = "api/v1/conversations/<uuid:talk_id>/"
PAGE = "conversations/<uuid:talk_id>/"
SERVERS = frozenset({"nurse", "clinician"})
READERS = SERVERS | ADMINISTRATOR
# A conversation with the bot is its patient's; an administrator only reads it.
OWN = {
    "patient": {"own"},
    "other patient": {"other"},
    "administrator": {"own", "other"},
}
# One that waits is for the department that it waits for.
DESK = {"nurse": {"own"}, "clinician": {"own"}, "administrator": {"own", "other"}}


def own(noun: str, **answers: int) -> Route:
    """Return the line of a door of one's own conversation."""
    return rest(
        f"{ONE}{noun}",
        EVERYBODY,
        of="conversation_id",
        may_write=EVERYBODY - ADMINISTRATOR,
        sees=OWN,
        **answers,
    )


def desk(noun: str, **answers: int) -> Route:
    """Return the line of a door of the desk."""
    return rest(f"{AT_DESK}{noun}", SERVERS, of="talk_id", sees=DESK, **answers)


def desk_page(noun: str, **answers: int) -> Route:
    """Return the line of what is done on the desk's page."""
    return page(
        f"{PAGE}{noun}",
        READERS,
        of="talk_id",
        may_write=SERVERS,
        sees=DESK,
        **answers,
    )


ROUTES = [
    rest("api/v1/transcriptions/", STRANGERS, post=404),  # no service is set up
    rest("api/v1/conversations/", EVERYBODY, may_write=STRANGERS, get=200, post=201),
    own("", get=200),
    own("messages/", get=200, post=400),
    own("stop/", post=200),
    own("regenerate/", post=409),  # nothing has been answered yet
    own("rating/", post=400),
    own("handover/", post=200),
    own("bot/", post=200),
    own("acknowledgement/", post=409),  # there is no warning
    own("summary/", post=409),  # there is none before a complaint is told
    own("consent/", post=400),
    own("closing/", post=200),
    desk("taking/", post=200),
    desk("return/", post=403),  # nobody has taken it
    desk("queue/", post=403),
    desk("correction/", post=400),
    page("conversations/", READERS, get=200),
    desk_page("", get=200),
    desk_page("taking/", post=302),
    desk_page("messages/", post=302),
    desk_page("corrections/<uuid:turn_id>/", post=302),
    desk_page("return/", post=302),
    desk_page("queue/", post=302),
    desk_page("closing/", post=302),
]
