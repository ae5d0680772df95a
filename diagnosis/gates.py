"""How a model of the store stands before its gate, given what serves now, and in words."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnosis.evaluation.kept import evaluation_of
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.gate import COMPARISON, Outcome, judge, read_gate
from diagnosis.models import ModelActivation, ModelEvaluation

PLACES = 3
FIGURES = {
    "figures.auroc_ci95.0": _(
        "AUROC on held-out patients, lower end of its interval (95 %)"
    ),
    "figures.auroc": _("AUROC on held-out patients"),
    "figures.ece": _("Calibration error"),
    "controls.same_model_blanked": _("AUROC with the lungs covered"),
    COMPARISON: _(
        "AUROC less that of the model in service on the same patients, lower end of "
        "its interval (95 %)"
    ),
}


@dataclass(frozen=True, slots=True)
class GateLine:
    """One condition as people read it; `found` is empty where it was not measured."""

    figure: str | Promise
    minus: str | Promise
    is_lower: bool
    value: str
    found: str
    holds: bool


def gate_outcomes(
    entry: ModelEntry, active: ModelActivation | None
) -> tuple[Outcome, ...] | None:
    """Return how each condition stands; None where the model has no gate.

    Raises:
        GateError: The gate file cannot be understood.
    """
    gate = read_gate(Path(settings.MODEL_STORE), entry.name)
    if gate is None:
        return None
    is_first = active is None or active.digest == entry.digest
    return judge(
        gate,
        entry.metrics,
        difference_low=None if is_first or active is None else _low(entry, active),
        is_first=is_first,
    )


def gate_lines(outcomes: tuple[Outcome, ...]) -> list[GateLine]:
    """Return the conditions in words, in the reader's language."""
    return [
        GateLine(
            figure=FIGURES.get(each.figure, each.figure),
            minus=FIGURES.get(each.minus, each.minus),
            is_lower=each.bound == "at_least",
            value=_number(each.value),
            found="" if each.found is None else _number(each.found),
            holds=each.holds,
        )
        for each in outcomes
    ]


def _number(value: float) -> str:
    return number_format(round(value, PLACES), PLACES)


def _low(entry: ModelEntry, active: ModelActivation) -> float | None:
    """Return the lower end of the newest comparison of the two; None without one.

    Where signed reports made none, that which `evaluate_ct` kept beside the entry counts,
    if both digests are those of the files compared and the images were held out.
    """
    compared = (
        ModelEvaluation.objects.filter(
            digest=entry.digest, against_digest=active.digest
        )
        .order_by("-created")
        .first()
    )
    if compared and compared.comparison:
        return float(compared.comparison["ci95"][0])
    measured = evaluation_of(Path(settings.MODEL_STORE), entry) or {}
    kept = measured.get("comparison") or {}
    is_told = kept.get("against_digest") == active.digest
    is_held_out = measured.get("split") != "train"
    return float(kept["ci95"][0]) if is_told and is_held_out else None
