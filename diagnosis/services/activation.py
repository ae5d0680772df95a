"""Puts a model of the store into service: a row each time, so that there is a history."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.utils import OperationalError, ProgrammingError
from django.utils.translation import gettext as _

from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.store import load_entry
from diagnosis.models import ModelActivation
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.core.sealed import StoreError, resolve


def active_reference() -> str:
    """Return `NAME/VERSION` in service; nothing where no database is at hand."""
    embedded = settings.EMBEDDED_DATABASE
    if embedded and not settings.VAR.postgres_socket.exists():
        return ""
    try:
        active = active_model()
    except (OperationalError, ProgrammingError):  # not running, or not migrated
        return ""
    return str(active) if active else ""


def active_model() -> ModelActivation | None:
    """Return the newest activation."""
    return ModelActivation.objects.order_by("-created").first()


@transaction.atomic
def activate_model(
    *, name: str, version: str, activated_by: User | None, note: str = ""
) -> ModelActivation:
    """Put a model into service; its files are verified first.

    Raises:
        InvalidInput: The entry is missing or damaged.
        Conflict: It is in service already.
    """
    entry = _verified(name, version)
    active = active_model()
    if active and active.digest == entry.digest:
        raise Conflict(
            _("%(model)s is in service already.") % {"model": entry.reference},
            code="model_already_active",
        )
    return ModelActivation.objects.create(
        name=entry.name,
        version=entry.version,
        digest=entry.digest,
        activated_by=activated_by,
        note=note,
    )


def roll_back_model(*, activated_by: User, note: str = "") -> ModelActivation:
    """Put the model back into service that was before the active one.

    Raises:
        Conflict: There was none.
    """
    active = active_model()
    earlier = (
        ModelActivation.objects.exclude(digest=active.digest)
        .order_by("-created")
        .first()
        if active
        else None
    )
    if earlier is None:
        raise Conflict(
            _("No other model was in service before."), code="no_earlier_model"
        )
    return activate_model(
        name=earlier.name,
        version=earlier.version,
        activated_by=activated_by,
        note=note or _("Rolled back."),
    )


def ensure_active_model() -> ModelActivation | None:
    """Put the store's default into service where none is yet; None for an empty store."""
    active = active_model()
    if active:
        return active
    try:
        name, version = resolve(Path(settings.MODEL_STORE))
        return activate_model(name=name, version=version, activated_by=None)
    except (StoreError, InvalidInput):
        return None


def _verified(name: str, version: str) -> ModelEntry:
    try:
        return load_entry(Path(settings.MODEL_STORE), name, version)
    except StoreError as error:
        raise InvalidInput(error.message, code=error.code) from error
