"""What every door of a conversation has in common: who may open it, and how often."""

from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from consult.askers import PREFIX, Asker, asker_of
from consult.models import Conversation
from consult.selectors import conversations_visible_to, is_own, may_serve
from consult.selectors.guidance import guidance
from hospital.accounts.access import Scoped
from hospital.accounts.attempts import TooManyAttempts, spend_attempt
from hospital.accounts.authentication import (
    BearerAuthentication,
    BearerScheme,
    SessionAuthentication,
    bearer_token,
)
from hospital.accounts.models import User
from hospital.accounts.principal import Principal
from hospital.audit.origin import address_of
from hospital.core.errors import NotPermitted

MINUTE_S, HOUR_S = 60, 3600
JUDGED_A_MINUTE = 100  # of a conversation's messages above the limit: is it a danger?
HANDOVERS_A_MINUTE = 10  # of a conversation: each tells everybody at the desk


class AccountBearer(BearerAuthentication):
    """A token of an account; the secret of a stranger's conversation is none."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        if (bearer_token(request) or "").startswith(PREFIX):
            return None
        return super().authenticate(request)


class AccountBearerScheme(BearerScheme):  # type: ignore[no-untyped-call]  # theirs
    """Tells the OpenAPI schema of the header that also carries a stranger's secret."""

    target_class = "consult.api.base.AccountBearer"
    name = "bearer_or_secret"


class MayAsk(Scoped):
    """Opens to accounts with the scope, and to strangers who bring their secret.

    A view with `begins` is open to strangers who have none yet.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.user.is_authenticated:
            return super().has_permission(request, view)
        begins = request.method == "POST" and getattr(view, "begins", False)
        return begins or not asker_of(request).is_nobody


class ConversationDoor(APIView):
    """A door of conversations: one's own, and for the desk those it serves."""

    authentication_classes = [AccountBearer, SessionAuthentication]
    permission_classes = [MayAsk]
    scope = "conversations"

    @property
    def asker(self) -> Asker:
        return asker_of(self.request)

    def own(self, conversation_id: UUID) -> Conversation:
        """Return a conversation that belongs to whoever asks.

        Raises:
            NotPermitted: They see it, but it is a patient's.
        """
        row = self.seen(conversation_id)
        if not is_own(row, self.asker):
            raise NotPermitted(
                _("Only the patient whose conversation it is can do this."),
                code="not_own",
            )
        return row

    def seen(self, conversation_id: UUID, *, whole: bool = True) -> Conversation:
        """Return a conversation that they see; or only whose it is, to read it locked."""
        rows = conversations_visible_to(self.asker)
        if not whole:
            rows = rows.only("owner", "key_digest")
        return get_object_or_404(rows, id=conversation_id)

    def server(self) -> Principal:
        """Return the person of the desk who asks.

        Raises:
            NotPermitted: Only clinicians and nurses answer patients.
        """
        principal = self.asker.principal
        if principal is None or not may_serve(principal):
            raise NotPermitted(
                _("Clinicians and nurses answer patients."), code="not_at_the_desk"
            )
        return principal


def spend_conversation(request: Request, asker: Asker) -> None:
    """Count a new conversation of a stranger's address; one address may be a ward's.

    Raises:
        TooManyAttempts: There were too many in this hour.
    """
    if asker.principal is None:
        spend_attempt(
            "conversations",
            address_of(request) or "",
            limit=settings.CHAT_CONVERSATIONS_AN_HOUR,
            window_s=HOUR_S,
        )


def spend_message(request: Request, asker: Asker, row: Conversation) -> None:
    """Count a message of a conversation, and of a stranger's address.

    Raises:
        TooManyAttempts: There were too many in this minute.
    """
    try:
        spend_attempt(
            "messages",
            str(row.pk),
            limit=settings.CHAT_MESSAGES_A_MINUTE,
            window_s=MINUTE_S,
        )
        if asker.principal is None:
            spend_attempt(
                "messages",
                address_of(request) or "",
                limit=settings.CHAT_ADDRESS_MESSAGES_A_MINUTE,
                window_s=MINUTE_S,
            )
    except TooManyAttempts as error:
        words = _(
            "You have sent very many messages. Wait a minute, then go on. In an "
            "emergency call %(number)s."
        )
        raise _with_number(error, words) from error


def too_many_messages(
    request: Request, asker: Asker, row: Conversation
) -> TooManyAttempts | None:
    """Count a message, and return why it is refused unless it tells a danger.

    Raises:
        TooManyAttempts: There were so many more that no further one is read.
    """
    try:
        spend_message(request, asker, row)
    except TooManyAttempts as error:
        try:
            spend_attempt(
                "messages_over", str(row.pk), limit=JUDGED_A_MINUTE, window_s=MINUTE_S
            )
        except TooManyAttempts:
            raise error from None
        return error
    return None


def spend_handover(row: Conversation) -> None:
    """Count that a conversation asks for a person.

    Raises:
        TooManyAttempts: It did so too often in this minute.
    """
    try:
        spend_attempt(
            "handovers", str(row.pk), limit=HANDOVERS_A_MINUTE, window_s=MINUTE_S
        )
    except TooManyAttempts as error:
        words = _(
            "You have asked for a person several times within a minute. Wait a minute, "
            "then ask once more. In an emergency call %(number)s."
        )
        raise _with_number(error, words, code="too_many_requests") from error


def _with_number(
    error: TooManyAttempts, words: str, *, code: str = "too_many_messages"
) -> TooManyAttempts:
    """Return the error in words that also say whom to call."""
    number = guidance().emergency_number
    worded = TooManyAttempts(words % {"number": number}, code=code)
    worded.retry_after_s = error.retry_after_s
    return worded
