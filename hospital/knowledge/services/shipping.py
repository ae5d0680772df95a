"""The library that is shipped with the product, kept as its files are."""

from pathlib import Path

import pghistory
from django.db import transaction
from django.utils import timezone

from hospital.knowledge.models import Entry, EntryQuerySet, EntryState, Library
from hospital.knowledge.reading.files import read_file
from hospital.knowledge.reading.incoming import Flaw, digest_of
from hospital.knowledge.reading.lines import Told
from hospital.knowledge.services.importing import Tally, import_entries
from hospital.knowledge.services.reviewing import REVIEW_HOLDS

SLUG = "anji"
NAME = "Anji"
FOLDER = Path(__file__).resolve().parents[1] / "library"


def shipped_library_is_current(folder: Path = FOLDER) -> bool:
    """Whether the rows are what the files are, edits by hand aside."""
    rows = _came_from_files().values_list(
        "external_id", "lang", "digest", "offered", "edited", "state"
    )
    known = {(id_, lang): rest for id_, lang, *rest in rows}
    if _endless().exists():
        return False
    for one in read_file(folder, _untold):
        if isinstance(one, Flaw):
            return False
        digest, offered, *_ = known.pop((one.id, one.lang), ("", ""))
        if digest_of(one) not in (digest, offered):
            return False
    return all(
        edited or state == EntryState.RETIRED for *_, edited, state in known.values()
    )


@transaction.atomic
def keep_shipped_library(folder: Path = FOLDER, *, told: Told | None = None) -> Tally:
    """Bring the rows up to the files; a second time changes nothing.

    A changed file makes a new version, a file that is gone retires its entry. What was
    edited here by hand stays as it is. What no clinician here has reviewed is quoted for
    as long as a review would hold, from the day it was written.
    """
    library, _ = Library.objects.get_or_create(slug=SLUG, defaults={"name": NAME})
    incoming = list(read_file(folder, told or _untold))
    there = {(one.id, one.lang) for one in incoming if not isinstance(one, Flaw)}
    tally = Tally(files=1)
    with pghistory.context(command="load_library"):
        import_entries(library, incoming, file=str(folder), tally=tally, publish=True)
        if not tally.quarantined:  # a file that cannot be read is not gone
            _retire_absent(there)
        for entry in _endless():
            entry.expires = (entry.written or timezone.localdate()) + REVIEW_HOLDS
            entry.save(update_fields=["expires", "updated"])
    return tally


def _came_from_files() -> EntryQuerySet:
    return Entry.objects.filter(library__slug=SLUG).exclude(digest="")


def _endless() -> EntryQuerySet:
    """Return what would be quoted for ever; a reviewer says until when."""
    return _came_from_files().filter(edited=None, reviewer=None, expires=None)


def _retire_absent(there: set[tuple[str, str]]) -> None:
    for entry in _came_from_files().filter(edited=None):
        if (entry.external_id, entry.lang) not in there:
            entry.state = EntryState.RETIRED
            entry.save(update_fields=["state", "updated"])


def _untold(share: float) -> None:
    """Nobody watches."""
