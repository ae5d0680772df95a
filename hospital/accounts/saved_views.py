"""Saved views: queries of a list that stand as tabs above it, one's own among them.

What a person keeps is a preference of theirs, named after the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import User
from hospital.accounts.preferences import LONGEST_TEXT, Preference, keep_preference
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput

# The lists that have them, by the name of their address.
LISTS = {
    "worklist": "diagnosis:worklist",
    "patients": "records:patients",
    "rosters": "scheduling:rosters",
    "library": "knowledge:entries",
    "jobs": "jobs:list",
}
MOST_VIEWS = 20
LONGEST_NAME = 60
LONGEST_READ = 4 * LONGEST_TEXT  # of a query, before its empty parts are dropped
EVERYTHING = "ordering="  # without a query an address may lead to another view


@dataclass(frozen=True, slots=True)
class SavedView:
    """A tab above a list: a name and the query it stands for."""

    name: str | Promise
    query: str
    is_current: bool
    is_own: bool = False


def views_of(
    request: HttpRequest, name: str, *, built_in: Iterable[tuple[str | Promise, str]]
) -> list[SavedView]:
    """Return the views of a list: those it comes with, and the person's own by name."""
    current = clean_query(request.GET.urlencode())
    own = principal_of(request).user.preferences.get(name, {})
    return [
        SavedView(title, query, clean_query(query) == current)
        for title, query in built_in
    ] + [
        SavedView(title, query or EVERYTHING, query == current, is_own=True)
        for title, query in sorted(own.items())
    ]


@transaction.atomic
def keep_view(*, user: User, of: str, name: str, query: str) -> None:
    """Keep a clean query of a list under a name; the same name is written over.

    Raises:
        InvalidInput: The name or the query is too long, or there are too many.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidInput(
            _("Name the view in one line of at most 60 characters."),
            code="bad_preference",
        )
    if len(query) > LONGEST_TEXT:
        raise InvalidInput(
            _("This view was not kept: what it searches for is too long."),
            code="preference_too_large",
        )
    own = {**_locked(user, of), name: query}
    if len(own) > MOST_VIEWS:
        told = _("You keep %d views of this list already. Forget one, then keep this.")
        raise InvalidInput(told % MOST_VIEWS, code="preference_too_large")
    keep_preference(user=user, name=of, value=own)


@transaction.atomic
def forget_view(*, user: User, of: str, name: str) -> None:
    """Forget one's own view of a list; where there is none, nothing happens."""
    own = _locked(user, of)
    if own.pop(name, None) is not None:
        keep_preference(user=user, name=of, value=own)


def clean_query(query: str) -> str:
    """Return a query without its page and empty parts, in one order."""
    parts = dict(parse_qsl(query[:LONGEST_READ]))  # drops what is empty
    return urlencode(sorted(part for part in parts.items() if part[0] != "page"))


def _locked(user: User, of: str) -> Preference:
    """Return what a person keeps of a list; nobody else changes it meanwhile."""
    row = User.objects.select_for_update().only("preferences").get(pk=user.pk)
    return dict(row.preferences.get(of, {}))
