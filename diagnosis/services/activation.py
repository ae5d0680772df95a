"""Puts a model of the store into service: a row each time, so that there is a history."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError, ProgrammingError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from diagnosis.gates import gate_outcomes
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.gate import GateError, Outcome, is_let_through
from diagnosis.inference.store import load_entry
from diagnosis.models import ModelActivation
from diagnosis.services.shadow import end_shadow_of
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.core.registry import registry
from hospital.core.saying import said, why
from hospital.core.sealed import StoreError, resolve
from hospital.jobs.services import enqueue

WARM_MODEL = "diagnosis.warm_model"
FIRST_START = gettext_noop("First start: the store's own default.")
ROLLED_BACK = gettext_noop("Rolled back.")
FIRST_START_LOCK = 0x4D_4F_44  # several workers start at a time


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
    """Put a model into service; its files and its gate are checked first.

    One that its gate does not let through, or that has none, needs a reason, which is
    kept.

    Raises:
        InvalidInput: The entry is missing or damaged, or no gate lets it through and
            the note says nothing.
        Conflict: It is in service already.
    """
    entry = verified_entry(name, version)
    active = active_model()
    if active and active.digest == entry.digest:
        raise Conflict(
            _("%(model)s is in service already.") % {"model": entry.reference},
            code="model_already_active",
        )
    outcomes = judged(entry)
    if not is_let_through(outcomes) and not note.strip():
        _refuse(entry, has_gate=outcomes is not None)
    return _activate(entry, outcomes, activated_by=activated_by, note=note)


def _refuse(entry: ModelEntry, *, has_gate: bool) -> NoReturn:
    """Say that a reason is missing, and why one is needed."""
    words = (
        _(
            "%(model)s does not meet every condition of its gate: say why it should "
            "serve all the same, or choose another."
        )
        if has_gate
        else _(
            "%(model)s has no gate, so nothing was asked of it: say why it should serve, "
            "or set a gate.toml beside its versions."
        )
    ) % {"model": entry.reference}
    code = "gate_not_met" if has_gate else "no_gate"
    raise InvalidInput(words, code=code, fields={"note": [words]})


@transaction.atomic
def roll_back_model(*, activated_by: User, note: str = "") -> ModelActivation:
    """Put the model back into service that was before the active one, in one step.

    Its gate is not asked again: it served, and the way back is never barred.

    Raises:
        Conflict: There was none.
        InvalidInput: Its files are missing or damaged.
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
    entry = verified_entry(earlier.name, earlier.version)
    if entry.digest != earlier.digest:
        raise InvalidInput(
            _("The files of %(model)s are not those that were in service.")
            % {"model": entry.reference},
            code="wrong_digest",
        )
    return _activate(entry, (), activated_by=activated_by, note=note or ROLLED_BACK)


def ensure_active_model() -> ModelActivation | None:
    """Put the store's default into service where none is yet; None for an empty store."""
    active = active_model()
    return active or _first_activation()


@transaction.atomic
def _first_activation() -> ModelActivation | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_START_LOCK])
    active = active_model()  # another worker's, while this one waited
    if active:
        return active
    try:
        name, version = resolve(Path(settings.MODEL_STORE))
        return activate_model(
            name=name, version=version, activated_by=None, note=FIRST_START
        )
    except (StoreError, InvalidInput):
        return None


def verified_entry(name: str, version: str) -> ModelEntry:
    """Return an entry of the store.

    Raises:
        InvalidInput: It is missing or damaged.
    """
    try:
        return load_entry(Path(settings.MODEL_STORE), name, version)
    except StoreError as error:
        raise InvalidInput(said(error.message), code=error.code) from error


def judged(entry: ModelEntry) -> tuple[Outcome, ...] | None:
    """Return how an entry stands before its gate; None where it has none.

    Raises:
        InvalidInput: The gate file cannot be understood.
    """
    try:
        return gate_outcomes(entry, active_model())
    except GateError as error:
        raise InvalidInput(why(error), code="invalid_gate") from error


def _activate(
    entry: ModelEntry,
    outcomes: Sequence[Outcome] | None,
    *,
    activated_by: User | None,
    note: str,
) -> ModelActivation:
    end_shadow_of(digest=entry.digest)
    made = ModelActivation.objects.create(
        name=entry.name,
        version=entry.version,
        digest=entry.digest,
        activated_by=activated_by,
        note=note.strip()[:300],
        gate=[each.as_json() for each in outcomes or ()],
        is_override=not is_let_through(outcomes),
    )
    for queue in registry.job_kinds[WARM_MODEL].queues:
        enqueue(
            kind=WARM_MODEL,
            key=f"{made.id}:{queue}",
            owner=activated_by,
            subject_id=made.id,
            payload={},
            queue=queue,
        )
    return made
