"""A text changed here by hand."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from hospital.knowledge.models import Entry, EntryState, Passage


@transaction.atomic
def keep_edit(
    entry: Entry, *, fields: Sequence[str], passages: Sequence[Passage]
) -> Entry:
    """Keep what was set on the entry and on its passages as a new version.

    Nobody has reviewed it yet: what was published waits for a clinician. Imports leave
    the entry alone from now on.

    Args:
        entry: With the new values of `fields`.
        fields: The names of what was changed on it.
        passages: Those whose heading or text was changed, with the new words.
    """
    row = Entry.objects.select_for_update().get(pk=entry.pk)
    for name in fields:
        setattr(row, name, getattr(entry, name))
    row.version += 1
    row.edited = timezone.now()
    row.reviewer, row.reviewed_by, row.reviewed = None, "", None
    if row.state == EntryState.PUBLISHED:
        row.state = EntryState.IN_REVIEW
    row.save()
    for passage in passages:
        row.passages.filter(pk=passage.pk).update(
            heading=passage.heading, text=passage.text
        )
    # Vectors are made of titles and headings: they are made anew.
    row.passages.update(embedding=None, embedded_by="")
    return row
