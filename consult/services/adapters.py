"""Puts an adapter into service, or out of it: a row each time, so that there is a history."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from consult.learning.entry import AdapterEntry, load_adapter
from consult.models import AdapterActivation
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.core.saying import said
from hospital.core.sealed import StoreError


def active_adapters() -> dict[str, AdapterActivation]:
    """Return what is in service by task; the tasks where nothing learned is are absent."""
    newest = AdapterActivation.objects.order_by("task", "-created").distinct("task")
    return {row.task: row for row in newest if row.name}


def active_adapter(task: str) -> AdapterActivation | None:
    """Return what is in service for a task; None where nothing learned is."""
    return active_adapters().get(task)


def active_entry(task: str) -> AdapterEntry | None:
    """Return the sealed folder in service, verified; None where there is none.

    Raises:
        InvalidInput: Its files are not those that were put into service.
    """
    active = active_adapter(task)
    if active is None:
        return None
    entry = _verified(active.name, active.version)
    if entry.digest != active.digest:
        raise InvalidInput(
            _("The files of %(adapter)s are not those that were put into service.")
            % {"adapter": entry.reference},
            code="wrong_digest",
        )
    return entry


def adapter_folder(task: str) -> Path | None:
    """Return where the adapter in service lies, for who loads it with PEFT."""
    entry = active_entry(task)
    return entry.folder if entry else None


@transaction.atomic
def activate_adapter(
    *, name: str, version: str, activated_by: User | None, reason: str = ""
) -> AdapterActivation:
    """Put an adapter into service for its task.

    One that does not beat what it replaces needs a reason.

    Raises:
        InvalidInput: Its files are missing or damaged, or the reason is.
        Conflict: It is in service already.
    """
    entry = _verified(name, version)
    active = active_adapter(entry.task)
    if active and active.digest == entry.digest:
        raise Conflict(
            _("%(adapter)s is in service already.") % {"adapter": entry.reference},
            code="adapter_already_active",
        )
    if not entry.is_better and not reason.strip():
        words = _(
            "%(adapter)s is not shown to be better than what it would replace: say why "
            "it should serve all the same, or choose another."
        ) % {"adapter": entry.reference}
        raise InvalidInput(words, code="not_better", fields={"reason": [words]})
    return AdapterActivation.objects.create(
        task=entry.task,
        name=entry.name,
        version=entry.version,
        digest=entry.digest,
        is_override=not entry.is_better,
        reason=reason.strip(),
        activated_by=activated_by,
    )


@transaction.atomic
def withdraw_adapter(
    *, task: str, activated_by: User | None, reason: str = ""
) -> AdapterActivation:
    """Let the rules, or the bare model, stand alone again.

    Raises:
        Conflict: Nothing learned is in service.
    """
    if active_adapter(task) is None:
        raise Conflict(
            _("Nothing learned is in service for this."), code="no_active_adapter"
        )
    return AdapterActivation.objects.create(
        task=task, reason=reason.strip(), activated_by=activated_by
    )


def _verified(name: str, version: str) -> AdapterEntry:
    try:
        return load_adapter(Path(settings.ADAPTER_STORE), name, version)
    except StoreError as error:
        raise InvalidInput(said(error.message), code=error.code) from error
