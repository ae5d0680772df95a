"""The only way an entry, or a passage of one, reaches anyone."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.accounts.principal import Principal
from hospital.knowledge.models import (
    Entry,
    EntryState,
    Library,
    Passage,
    Review,
    is_in_force,
)

EDITORS = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR})


def libraries_visible_to(principal: Principal | None) -> QuerySet[Library]:
    """Return the libraries; who edits none sees those that are switched on."""
    if principal is not None and principal.role in EDITORS:
        return Library.objects.all()
    return Library.objects.filter(is_active=True)


def entries_visible_to(principal: Principal | None) -> QuerySet[Entry]:
    """Return the entries; all but their editors, strangers too, see those in force."""
    if principal is not None and principal.role in EDITORS:
        return Entry.objects.all()
    return Entry.objects.in_force(timezone.localdate())


def passages_visible_to(principal: Principal | None) -> QuerySet[Passage]:
    """Return the passages of the entries that one sees."""
    if principal is not None and principal.role in EDITORS:
        return Passage.objects.all()
    return passages_in_force()


def passages_in_force(
    libraries: Collection[str] | None = None, *, on: date | None = None
) -> QuerySet[Passage]:
    """Return what may be found for patients, pointers too: published and unexpired.

    Args:
        libraries: Their slugs; all that are switched on where there are none.
        on: The day; today where none is given.
    """
    in_force = is_in_force(on or timezone.localdate(), prefix="entry__")
    if libraries is not None:
        in_force &= Q(entry__library__slug__in=libraries)
    return Passage.objects.filter(in_force)


def passage_cited_as(
    citation: str, *, principal: Principal | None, library: str = ""
) -> Passage | None:
    """Return the passage of that citation which one sees; of several the one in force."""
    passages = passages_visible_to(principal).filter(citation=citation)
    if library:
        passages = passages.filter(library__slug=library)
    found = passages.select_related("entry__library", "entry__source").order_by("id")
    today = timezone.localdate()
    return min(found, key=lambda one: not one.entry.is_in_force(today), default=None)


def was_withdrawn(citation: str, *, library: str = "") -> bool:
    """Whether the citation is of a text that patients were told and no longer are."""
    entries = Entry.objects.filter(passages__citation=citation)
    if library:
        entries = entries.filter(library__slug=library)
    expired = Q(expires__lte=timezone.localdate(), state=EntryState.PUBLISHED)
    return entries.filter(expired | Q(state=EntryState.RETIRED)).exists()


def reviews_visible_to(principal: Principal) -> QuerySet[Review]:
    """Return what was decided about entries, which is their editors' to read."""
    if principal.role not in EDITORS:
        return Review.objects.none()
    return Review.objects.select_related("by")
