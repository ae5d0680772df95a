"""What a model has to show before it reads studies: conditions that are data.

The gate lies beside a model's versions, `<name>/gate.toml`, and not in a version: who
trains a version does not set the bar for it. Standard library only.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: TOML and JSON of unknown shape

from hospital.core.phrases import phrase

GATE_FILE = "gate.toml"
CONDITION_KEYS = {"figure", "minus", "at_least", "at_most"}
COMPARISON = "comparison"


class GateError(ValueError):
    """A gate file that cannot be understood, in a sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One bound on one figure.

    Attributes:
        figure: Its place in metrics.json, parts joined by dots: `figures.auroc_ci95.0`.
        minus: The place of a figure to take away first; empty for none.
        at_least: The least it may be; None where it has no lower bound.
        at_most: The most it may be; None where it has no upper bound.
    """

    figure: str
    minus: str = ""
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if not self.figure or (self.at_least is None) == (self.at_most is None):
            message = phrase(
                "The gate's condition on %(figure)s: name a figure and either at_least or "
                "at_most.",
                figure=self.figure or "–",
            )
            raise GateError(message)


@dataclass(frozen=True, slots=True)
class Gate:
    """Every condition, and by how much a version may fall behind the one in service.

    Attributes:
        not_worse_by: The lower end of the interval of the difference in AUROC, on the
            same images, must lie above minus this; None where no comparison is asked.
    """

    conditions: tuple[Condition, ...]
    not_worse_by: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one condition stands.

    Attributes:
        found: None where it was not measured; then it does not hold.
    """

    figure: str
    minus: str
    bound: str  # at_least or at_most
    value: float
    found: float | None

    @property
    def holds(self) -> bool:
        if self.found is None:
            return False
        if self.bound == "at_least":
            return self.found >= self.value
        return self.found <= self.value

    def as_json(self) -> dict[str, object]:
        return {
            "figure": self.figure,
            "minus": self.minus,
            "bound": self.bound,
            "value": self.value,
            "found": self.found,
            "holds": self.holds,
        }


def read_gate(root: Path, name: str) -> Gate | None:
    """Return the gate of a model; None where it has none.

    Raises:
        GateError: The file is no gate.
    """
    path = root / name / GATE_FILE
    if not path.is_file():
        return None
    try:
        data = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        message = phrase(
            "%(file)s cannot be read: %(why)s",
            file=f"{name}/{GATE_FILE}",
            why=str(error),
        )
        raise GateError(message) from error
    conditions = data.get("conditions", [])
    unknown = {key for each in conditions for key in each} - CONDITION_KEYS
    unknown |= set(data) - {"conditions", COMPARISON}
    if unknown:
        message = phrase(
            "%(file)s: unknown %(keys)s",
            file=f"{name}/{GATE_FILE}",
            keys=", ".join(sorted(unknown)),
        )
        raise GateError(message)
    comparison = data.get(COMPARISON, {})
    return Gate(
        tuple(Condition(**each) for each in conditions),
        float(comparison["not_worse_by"]) if comparison else None,
    )


def is_let_through(outcomes: Sequence[Outcome] | None) -> bool:
    """Return whether a version may serve without a reason: not where no gate is set."""
    return outcomes is not None and all(each.holds for each in outcomes)


def judge(
    gate: Gate,
    metrics: Mapping[str, object],
    *,
    difference_low: float | None,
    is_first: bool,
) -> tuple[Outcome, ...]:
    """Return how each condition stands.

    Args:
        gate: What is asked.
        metrics: Of the version's metrics.json.
        difference_low: Lower end of the 95 % interval of its AUROC less that of the
            version in service on the same images; None where nobody compared them.
        is_first: Whether there is nothing in service to compare with.
    """
    outcomes = [_outcome(condition, metrics) for condition in gate.conditions]
    if gate.not_worse_by is not None and not is_first:
        bound = -gate.not_worse_by
        outcomes.append(Outcome(COMPARISON, "", "at_least", bound, difference_low))
    return tuple(outcomes)


def _outcome(condition: Condition, metrics: Mapping[str, object]) -> Outcome:
    found = number_at(metrics, condition.figure)
    if condition.minus:
        taken = number_at(metrics, condition.minus)
        found = None if found is None or taken is None else found - taken
    is_lower = condition.at_least is not None
    return Outcome(
        figure=condition.figure,
        minus=condition.minus,
        bound="at_least" if is_lower else "at_most",
        value=float((condition.at_least if is_lower else condition.at_most) or 0.0),
        found=found,
    )


def number_at(metrics: Mapping[str, object], place: str) -> float | None:
    """Return the number at a place such as `figures.auroc_ci95.0`; None if there is none."""
    value: Any = metrics
    for part in place.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, (list, tuple)) and part.isdigit():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None
