"""The model store as people see it: what stands there, what serves, what is broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from django.conf import settings
from django.utils.translation import gettext as _

from diagnosis.evaluation.kept import data_check_of, evaluation_of
from diagnosis.gates import GateLine, gate_lines, gate_outcomes
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.gate import GateError, Outcome, is_let_through
from diagnosis.inference.store import load_entry
from diagnosis.models import ModelActivation, ShadowRun
from hospital.core.saying import said, why
from hospital.core.sealed import StoreError, references


@dataclass(frozen=True, slots=True)
class ShelvedModel:
    """One entry of the store, or why it does not start.

    Attributes:
        entry: None where the files are not those that were sealed.
        trouble: Why, in a sentence; empty for an entry that starts.
        activated: When it was put into service last; None if never.
        gate: How each condition of its gate stands against what serves now; None where
            it has no gate.
        is_in_shadow: It reads beside the model in service.
        measured: All that was measured of it, with its curves; None where nothing was.
        data_check: What was found in the images it learned from; None where unknown.
    """

    name: str
    version: str
    entry: ModelEntry | None
    trouble_code: str
    trouble: str
    is_active: bool
    activated: datetime | None
    gate: tuple[Outcome, ...] | None = None
    is_in_shadow: bool = False
    measured: Mapping[str, Any] | None = None
    data_check: Mapping[str, Any] | None = None

    @property
    def reference(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def anchor(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def gate_lines(self) -> list[GateLine]:
        return gate_lines(self.gate or ())

    @property
    def is_let_through(self) -> bool:
        """Whether it may be put into service without a reason."""
        return is_let_through(self.gate)

    @property
    def figures(self) -> Mapping[str, Any]:
        metrics = self.entry.metrics if self.entry else {}
        figures = metrics.get("figures", {})
        return figures if isinstance(figures, dict) else {}


def shelved_models() -> list[ShelvedModel]:
    """Return every entry of the store, newest version first, each verified."""
    root = Path(settings.MODEL_STORE)
    active = ModelActivation.objects.order_by("-created").first()
    running = ShadowRun.objects.filter(ended=None).first()
    shadow = running.digest if running else ""
    return [
        _shelved(root, name, version, active, shadow)
        for name, version in references(root)
    ][::-1]


def shelved_model(name: str, version: str) -> ShelvedModel | None:
    """Return one entry of the store, if it is there."""
    found = (m for m in shelved_models() if (m.name, m.version) == (name, version))
    return next(found, None)


def _shelved(
    root: Path, name: str, version: str, active: ModelActivation | None, shadow: str
) -> ShelvedModel:
    entry, trouble_code, trouble = None, "", ""
    try:
        entry = load_entry(root, name, version)
    except StoreError as error:
        trouble_code, trouble = error.code, said(error.message)
    is_active = bool(active) and str(active) == f"{name}/{version}"
    if is_active and entry and active and active.digest != entry.digest:
        trouble_code = "wrong_digest"
        trouble = _("Its files are not those that were put into service.")
    latest = ModelActivation.objects.filter(name=name, version=version)
    activated = latest.order_by("-created").values_list("created", flat=True).first()
    gate: tuple[Outcome, ...] | None = None
    try:
        gate = gate_outcomes(entry, active) if entry else None
    except GateError as error:
        trouble_code, trouble = "invalid_gate", why(error)
    return ShelvedModel(
        *(name, version, entry, trouble_code, trouble, is_active, activated),
        gate=gate,
        is_in_shadow=entry is not None and entry.digest == shadow,
        measured=evaluation_of(root, entry) if entry else None,
        data_check=data_check_of(root, entry) if entry else None,
    )
