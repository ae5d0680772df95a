"""The hospital brings its own law profiles in; a changed one is a new version."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from scheduling.models import HouseLaw
from scheduling.saying.sentences import why_refused
from scheduling.services.holidays import require_keeper
from scheduling.solver.laws import (
    LawError,
    LawProfile,
    profile_document,
    profile_of,
    read_profile,
    shipped_profiles,
)
from scheduling.solver.message import Phrase

LARGEST_FILE = 2**18  # bytes: the longest profile of ours has two thousand


def enter_law_file(*, author: User, content: bytes) -> HouseLaw:
    """Bring in the profile of a TOML or JSON file.

    Raises:
        NotPermitted: The person makes no rosters.
        InvalidInput: The file is no profile; where, and why.
        Conflict: Somebody brought in the same version at this moment.
    """
    require_keeper(author)
    if len(content) > LARGEST_FILE:
        raise _refused("file", _("The file has more than 256 kB."))
    try:
        profile = read_profile(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _refused("file", _("The file is no text in UTF-8.")) from error
    except LawError as error:
        raise _refused("file", why_refused(error)) from error
    return _entered(author, profile, field="file")


def enter_law(*, author: User, document: Any) -> HouseLaw:  # Any: what JSON holds
    """Bring in the profile of a document, which may name its id `code`.

    Raises:
        NotPermitted: The person makes no rosters.
        InvalidInput: The document is no profile; the field, and why.
        Conflict: Somebody brought in the same version at this moment.
    """
    require_keeper(author)
    if isinstance(document, dict) and "id" not in document:
        document = {
            "id" if key == "code" else key: one for key, one in document.items()
        }
    try:
        profile = profile_of(document)
    except LawError as error:
        raise _refused(_field(error), why_refused(error)) from error
    return _entered(author, profile, field="code")


@transaction.atomic
def withdraw_law(*, author: User, law: HouseLaw) -> HouseLaw:
    """Offer a profile no more; rosters under it keep it. A second time changes nothing.

    Raises:
        NotPermitted: The person makes no rosters.
    """
    require_keeper(author)
    row = HouseLaw.objects.select_for_update(of=("self",)).get(pk=law.pk)
    if not row.is_withdrawn:
        row.is_withdrawn = True
        row.save(update_fields=["is_withdrawn", "updated"])
    return row


def _entered(author: User, profile: LawProfile, *, field: str) -> HouseLaw:
    """Return the newest version of a profile, which is a new one where it differs."""
    if profile.id in shipped_profiles():
        message = _("%(code)s comes with the product: give yours another id.")
        raise _refused(field, message % {"code": profile.id})
    document = profile_document(profile)
    content = {
        "title": profile.title,
        "title_zh": profile.title_zh,
        "effective_from": profile.effective_from,
        "effective_until": profile.effective_until,
        "sources": document.get("sources", []),
        "clauses": document["clauses"],
    }
    try:
        with transaction.atomic():
            newest = HouseLaw.objects.filter(code=profile.id).first()
            if newest and not newest.is_withdrawn and _has(newest, content):
                return newest
            return HouseLaw.objects.create(
                code=profile.id,
                version=newest.version + 1 if newest else 1,
                entered_by=author,
                **content,
            )
    except IntegrityError as error:
        raise Conflict(
            _("Somebody brings in this profile right now: look at it and try again."),
            code="law_changed",
        ) from error


def _has(row: HouseLaw, content: Mapping[str, object]) -> bool:
    return all(getattr(row, name) == value for name, value in content.items())


def _field(error: LawError) -> str:
    """Return the path to what is refused, in the document as it was sent."""
    values = dict(error.told.values) if isinstance(error.told, Phrase) else {}
    path = str(values.get("path", ""))
    return {"id": "code"}.get(path, path) or "clauses"


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, code="invalid", fields={field: [message]})
