"""An entry's way to patients: handed in, approved by a clinician, sent back, retired."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, DomainError, InvalidInput, NotPermitted
from hospital.knowledge.models import Decision, Entry, EntryState, Review
from hospital.knowledge.selectors import EDITORS

REVIEW_HOLDS = timedelta(days=2 * 365)  # an approval without a day of its own
FROM: dict[Decision, Collection[EntryState]] = {
    Decision.SUBMITTED: (EntryState.DRAFT, EntryState.RETIRED),
    Decision.APPROVED: (EntryState.IN_REVIEW, EntryState.PUBLISHED),
    Decision.RETURNED: (EntryState.IN_REVIEW, EntryState.PUBLISHED),
    Decision.RETIRED: (EntryState.DRAFT, EntryState.IN_REVIEW, EntryState.PUBLISHED),
}
TO = {
    Decision.SUBMITTED: EntryState.IN_REVIEW,
    Decision.APPROVED: EntryState.PUBLISHED,
    Decision.RETURNED: EntryState.DRAFT,
    Decision.RETIRED: EntryState.RETIRED,
}


def decisions_open_to(role: Role, entry: Entry) -> list[Decision]:
    """Return what somebody of that role may decide about the entry as it stands."""
    if role not in EDITORS:
        return []
    return [
        decision
        for decision, states in FROM.items()
        if entry.state in states
        and (decision != Decision.APPROVED or role == Role.CLINICIAN)
    ]


def awaits_approval(entry: Entry, *, on: date) -> bool:
    """Whether a clinician is to read it: a text without a review that holds that day."""
    is_open = entry.state in FROM[Decision.APPROVED] and not entry.is_pointer
    return is_open and (not entry.is_reviewed or entry.has_expired(on))


def decide_each(
    entries: Iterable[tuple[Entry, int]], *, decision: Decision, by: User
) -> tuple[int, list[str]]:
    """Decide the same about several, each with the version that was read, one by one.

    Returns:
        How many it was decided about, and for each other one its title and why not.
    """
    done, refused = 0, list[str]()
    for entry, version in entries:
        try:
            decide(entry, decision=decision, by=by, version=version)
        except DomainError as error:
            refused.append(f"{entry}: {error.message}")
        else:
            done += 1
    return done, refused


@transaction.atomic
def decide(
    entry: Entry,
    *,
    decision: Decision,
    by: User,
    version: int,
    words: str = "",
    expires: date | None = None,
) -> Review:
    """Take the entry on its way, and write down who decided and why.

    Args:
        entry: As it was shown.
        decision: What is decided; only a clinician approves.
        by: Who decides.
        version: The version that was read; another one is refused.
        words: Why; needed to send it back.
        expires: Until when an approval holds; two years where no day is given.

    Raises:
        NotPermitted: Their role does not decide this.
        Conflict: The text or the state is another one meanwhile.
        InvalidInput: Words are missing, or the day is past.
    """
    row = Entry.objects.select_for_update().get(pk=entry.pk)
    if by.role not in EDITORS or (
        decision == Decision.APPROVED and by.role != Role.CLINICIAN
    ):
        raise NotPermitted(_("Only a clinician approves an entry."), code="clinician")
    if row.version != version:
        message = _("The text was changed meanwhile. Read it again, then decide.")
        raise Conflict(message, code="entry_changed")
    if row.state not in FROM[decision]:
        words_ = _("This entry is %(state)s now: nothing was changed.")
        state = row.get_state_display()
        raise Conflict(words_ % {"state": state}, code="entry_state")
    words = words.strip()
    if decision == Decision.RETURNED and not words:
        message = _("Say what should be changed.")
        raise InvalidInput(message, code="invalid", fields={"words": [message]})
    row.state = TO[decision]
    if decision == Decision.APPROVED:
        _sign(row, reviewer=by, expires=expires)
    row.save()
    return Review.objects.create(
        entry=row, version=version, decision=decision, words=words, by=by
    )


def _sign(entry: Entry, *, reviewer: User, expires: date | None) -> None:
    today = timezone.localdate()
    expires = expires or today + REVIEW_HOLDS
    if expires <= today:
        message = _("Choose a day after today.")
        raise InvalidInput(message, code="invalid", fields={"expires": [message]})
    entry.reviewer = reviewer
    entry.reviewed_by = reviewer.get_full_name() or reviewer.get_username()
    entry.reviewed = today
    entry.expires = expires
