"""What is said of a model's readings of some days: how many, how fast, how right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from diagnosis.watching.estimates import (
    Estimate,
    drift,
    mean,
    quantile,
    quantile_estimate,
    share,
)

LEAST_FOR_DRIFT = 20  # readings on either side, or the interval says nothing


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading, and what became of it.

    Attributes:
        model: NAME/VERSION.
        source: Code of the department.
        probability: Of the positive label; None for readings kept before it was.
        unlikeness: Distance from the training images; 1 is the model's own limit.
        minutes: From the asking to the answer; None where the job is not kept.
        is_agreed: What the signed report says of the answer; None where it says nothing.
        is_found: What the signed report says of the positive label; None as above.
        signed_label: What the signed report says the series shows; empty where it only
            says what it does not show, or nothing.
        shadow: What a candidate said of the same series; None where none ran.
    """

    at: datetime
    day: date
    patient: UUID
    model: str
    source: str
    label: str
    is_positive: bool
    abstained: bool
    probability: float | None
    unlikeness: float | None
    minutes: float | None
    is_agreed: bool | None
    is_found: bool | None
    signed_label: str = ""
    shadow: "Shadowed | None" = None


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What a candidate said of a series that the model in service read."""

    model: str
    label: str
    abstained: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of some readings; None where there is nothing to say it of.

    Attributes:
        found: Readings with the positive label, `absent` with another, `withheld`
            without an answer.
        agreement: Share of answers that the signed report upheld.
        expected: Mean probability of the positive label where a report is signed.
        signed: Share of those in which the report says that it is there.
        calibration: `expected` less `signed`, patient by patient.
        drift: Of `unlikeness`, from the readings before.
    """

    n: int
    found: int
    absent: int
    withheld: int
    minutes_50: float | None
    minutes_95: Estimate | None
    agreement: Estimate | None
    abstention: Estimate | None
    expected: Estimate | None
    signed: Estimate | None
    calibration: Estimate | None
    drift: Estimate | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A candidate beside the model in service, on the same series.

    Attributes:
        agreement: Share with the same label, of those that both answered.
        difference: Its probability less that of the model in service.
        abstention: Share that the candidate did not answer.
        against: Share that the model in service did not answer.
        right: Of the signed reports that name a label, the share that the candidate has
            right.
        right_in_service: The same of the model in service.
    """

    model: str
    n: int
    agreement: Estimate | None
    difference: Estimate | None
    abstention: Estimate | None
    against: Estimate | None
    right: Estimate | None
    right_in_service: Estimate | None


def summary(
    readings: Sequence[Observation], before: Sequence[Observation] = ()
) -> Summary:
    """Return the figures of readings.

    Args:
        readings: Of the days looked at.
        before: Earlier ones of the same model, from which drift is measured.
    """
    answered = [each for each in readings if not each.abstained]
    judged = [each for each in answered if each.is_agreed is not None]
    signed = [
        (each.probability, each.is_found, each.patient)
        for each in readings
        if each.probability is not None and each.is_found is not None
    ]
    patients = [patient for _p, _found, patient in signed]
    minutes = [each.minutes for each in readings if each.minutes is not None]
    found = sum(each.is_positive for each in answered)
    return Summary(
        n=len(readings),
        found=found,
        absent=len(answered) - found,
        withheld=len(readings) - len(answered),
        minutes_50=quantile(minutes, 0.5),
        minutes_95=quantile_estimate(minutes, 0.95),
        agreement=share(sum(bool(each.is_agreed) for each in judged), len(judged)),
        abstention=share(len(readings) - len(answered), len(readings)),
        expected=mean([p for p, _found, _patient in signed], patients),
        signed=share(sum(bool(found) for _p, found, _patient in signed), len(signed)),
        calibration=mean([p - bool(f) for p, f, _patient in signed], patients),
        drift=_drift(readings, before),
    )


def beside(readings: Iterable[Observation]) -> Beside | None:
    """Return how a candidate does beside the model in service; None where none ran."""
    pairs = [(each, each.shadow) for each in readings if each.shadow]
    if not pairs:
        return None
    n = len(pairs)
    both = [(a, b) for a, b in pairs if not a.abstained and not b.abstained]
    known = [(a, b) for a, b in pairs if a.probability is not None]
    signed = [(a, b) for a, b in both if a.signed_label]
    return Beside(
        model=pairs[-1][1].model,
        n=n,
        agreement=share(sum(a.label == b.label for a, b in both), len(both)),
        difference=mean(
            [b.probability - (a.probability or 0.0) for a, b in known],
            [a.patient for a, _b in known],
        ),
        abstention=share(sum(b.abstained for _a, b in pairs), n),
        against=share(sum(a.abstained for a, _b in pairs), n),
        right=share(sum(b.label == a.signed_label for a, b in signed), len(signed)),
        right_in_service=share(
            sum(a.label == a.signed_label for a, _b in signed), len(signed)
        ),
    )


def _drift(
    readings: Sequence[Observation], before: Sequence[Observation]
) -> Estimate | None:
    ours = [each.unlikeness for each in readings if each.unlikeness is not None]
    theirs = [each.unlikeness for each in before if each.unlikeness is not None]
    if min(len(ours), len(theirs)) < LEAST_FOR_DRIFT:
        return None
    return drift(ours, theirs)
