"""Conversations that may be learned from, without what says whose they were.

Only with consent, which is asked for apart and can be taken back; never a crisis. What
is learned is an answer that a patient found helpful, or what staff said instead of one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consult.learning.deidentify import Known, deidentified, tells_of
from consult.models import OF_A_REPORT, Author, Conversation, Kind, Turn, TurnState
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_for
from hospital.audit.services import record_access
from hospital.core.errors import InvalidInput
from hospital.records.models import PatientIdentifier, PatientName

MOST_HISTORY = 8  # turns before an answer
_SPOKEN = {Author.PATIENT: "user", Author.BOT: "assistant", Author.STAFF: "assistant"}


@dataclass(frozen=True, slots=True)
class Taught:
    """One dialogue, de-identified, whose last message is what is learned."""

    conversation: Conversation
    row: dict[str, object]


def teaching_person(username: str) -> User:
    """Return the administrator in whose name conversations leave.

    Raises:
        InvalidInput: There is no such administrator.
    """
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None or person.role != Role.ADMINISTRATOR:
        raise InvalidInput(
            _("%(name)s is no administrator: only they export conversations.")
            % {"name": username},
            code="not_an_administrator",
        )
    return person


def taught_dialogues() -> Iterator[Taught]:
    """Yield what may be learned from, oldest first."""
    known = known_people()
    helpful = Q(rating=1) | ~Q(corrected_text="")
    answers = (
        Turn.objects.filter(
            helpful,
            conversation__may_teach=True,
            conversation__is_crisis=False,
            author__in=(Author.BOT, Author.STAFF),
            kind__in=(Kind.ANSWER, Kind.MESSAGE),
            state=TurnState.DONE,
        )
        .select_related("conversation")
        .order_by("created", "id")
    )
    for answer in answers.iterator():
        row = _row(answer, known)
        if row is not None:
            yield Taught(answer.conversation, row)


def record_export(conversations: list[Conversation], *, person: User) -> None:
    """Write for each conversation that it left, and in whose name."""
    principal = principal_for(person)
    for conversation in conversations:
        record_access(
            principal,
            action="export",
            record=conversation,
            patient_id=conversation.patient_id,
        )


def known_people() -> Known:
    """Return every name and number on file; they leave in no text."""
    return _known(
        PatientName.objects.all(), User.objects.all(), PatientIdentifier.objects.all()
    )


def known_of(row: Conversation) -> Known:
    """Return the names and numbers on file of the people of one talk."""
    told = row.turns.exclude(writer=None).values("writer")
    return _known(
        PatientName.objects.filter(patient=row.patient_id),
        User.objects.filter(Q(pk__in=(row.owner_id, row.taken_by_id)) | Q(pk__in=told)),
        PatientIdentifier.objects.filter(patient=row.patient_id),
    )


def _known(
    patients: QuerySet[PatientName],
    people: QuerySet[User],
    identifiers: QuerySet[PatientIdentifier],
) -> Known:
    roles = {str(role) for role in Role}
    names = set(patients.values_list("text", flat=True))
    for username, first, last in people.values_list(
        "username", "first_name", "last_name"
    ):
        names.update({first, last, f"{last}{first}"})
        if username.lower() not in roles:
            names.add(username)
    return Known.of(names=names, numbers=identifiers.values_list("value", flat=True))


def _row(answer: Turn, known: Known) -> dict[str, object] | None:
    """Return the dialogue that ends with an answer; None where it would tell of somebody."""
    before = (
        Turn.objects.filter(
            conversation=answer.conversation,
            number__lt=answer.number,
            author__in=_SPOKEN,
            state=TurnState.DONE,
        )
        .exclude(OF_A_REPORT)
        .order_by("-number")[:MOST_HISTORY]
    )
    said = [(turn.author, turn.text) for turn in reversed(before) if turn.text]
    said.append((answer.author, answer.corrected_text or answer.text))
    messages = [
        {"role": _SPOKEN[Author(author)], "content": deidentified(text, known)}
        for author, text in said
    ]
    tells = any(tells_of(message["content"], known) for message in messages)
    if tells or not any(message["role"] == "user" for message in messages):
        return None
    return {
        "id": _pseudonym(answer.conversation),
        "lang": answer.conversation.language,
        "source": "corrected" if answer.corrected_text else "rated",
        "messages": messages,
    }


def _pseudonym(conversation: Conversation) -> str:
    """Return a name for a talk that leads back to nobody; its dialogues share a split."""
    seed = b"anji conversations 1:" + conversation.pk.bytes
    return hashlib.sha256(seed).hexdigest()[:16]
