"""A conversation begins, is consented to, rated and acknowledged by the one it belongs to."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.askers import Asker
from consult.dialogue.interview import State as Interview
from consult.models import Author, Conversation, Turn
from hospital.core.errors import Conflict, InvalidInput
from hospital.records.models import Patient


@dataclass(frozen=True, slots=True)
class About:
    """What the asker says of the person at the start; None for what is not told."""

    language: str | None = None
    age: float | None = None
    sex: str | None = None
    pregnant: bool | None = None


def open_conversation(*, asker: Asker, about: About) -> Conversation:
    """Begin a conversation of the asker's: of the account, else of the secret.

    Age and sex are never taken from the account's own record: people ask for their
    children and parents, too, and a wrong age hides a danger.
    """
    user = asker.principal.user if asker.principal else None
    patient = Patient.objects.filter(user=user).first() if user else None
    interview = Interview(age=about.age, sex=about.sex, pregnant=about.pregnant)
    return Conversation.objects.create(
        owner=user,
        key_digest="" if user else asker.key_digest,
        patient=patient,
        language=about.language or "en",
        interview=interview.as_json(),
    )


def give_consent(*, conversation: Conversation, may_teach: bool) -> Conversation:
    """Keep whether the talk may be learned from; it can be taken back at any time."""
    conversation.may_teach = may_teach
    conversation.save(update_fields=["may_teach", "updated"])
    return conversation


@transaction.atomic
def acknowledge(*, conversation: Conversation) -> Conversation:
    """Keep that the person saw the card and acts on it."""
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if row.emergency_since is None:
        raise Conflict(_("There is no warning to answer."), code="no_card")
    row.acknowledged = timezone.now()
    row.save(update_fields=["acknowledged", "updated"])
    return row


def rate_conversation(*, conversation: Conversation, value: int) -> Conversation:
    """Keep what the person thinks of the talk as a whole; 0 takes it back."""
    conversation.rating = value or None
    conversation.save(update_fields=["rating", "updated"])
    return conversation


def rate_answer(*, answer: Turn, value: int, words: str) -> Turn:
    """Keep what the person thinks of one answer; 0 takes it back.

    Raises:
        InvalidInput: It is no answer.
    """
    if answer.author not in (Author.BOT, Author.STAFF) or answer.is_open:
        raise InvalidInput(_("Only an answer can be rated."), code="not_an_answer")
    answer.rating = value or None
    answer.rating_words = words if value else ""
    answer.save(update_fields=["rating", "rating_words", "updated"])
    return answer
