"""Whether a series is what a model was made for: rules that are data, checked here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from diagnosis.inference.entry import Limits, Rule
from diagnosis.inference.series import Picture, SeriesFacts

Fact = str | float | None
# What a NIfTI volume has no place to say: rules about it are not for volumes.
DICOM_ALONE = frozenset({"sop_class", "body_part", "region", "image_type", "kernel"})
OF_THE_PATIENT = frozenset({"age_years"})  # whatever the image is


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a model gives no answer: a code for programs, a sentence for people."""

    code: str
    sentence: str


def objections(facts: SeriesFacts, rules: Sequence[Rule]) -> list[Objection]:
    """Return what speaks against reading a series, in the order of the rules.

    Of a picture, only the patient is asked here: the rest is judged by its looks
    (`picture_objections`).
    """
    broken = [
        rule
        for rule in rules
        if not rule.weight and _asks(rule, facts) and not _holds(rule, facts)
    ]
    return [
        Objection(rule.code, rule.sentence.format(value=_words(rule, facts)))
        for rule in broken
    ]


def _asks(rule: Rule, facts: SeriesFacts) -> bool:
    """Whether a rule is for inputs of this kind."""
    if facts.kind == "image":
        return rule.fact in OF_THE_PATIENT
    return facts.kind != "nifti" or rule.fact not in DICOM_ALONE


def preference(facts: SeriesFacts, rules: Sequence[Rule]) -> float:
    """Return how well a series suits among those of its study: higher is better."""
    return sum(rule.weight for rule in rules if rule.weight and _holds(rule, facts))


def best_series(series: Sequence[SeriesFacts], rules: Sequence[Rule]) -> list[int]:
    """Return the indices of the series to read, best first.

    Those without objections; where every series has one, the one with fewest, so that
    its abstention tells why.
    """
    numbered = list(enumerate(series))
    suitable = [(i, facts) for i, facts in numbered if not objections(facts, rules)]
    if not suitable:
        by_fewest = sorted(numbered, key=lambda p: len(objections(p[1], rules)))
        return [index for index, _ in by_fewest[:1]]
    ranked = sorted(
        suitable, key=lambda p: (-preference(p[1], rules), -p[1].slices, p[0])
    )
    return [index for index, _ in ranked]


def picture_objections(picture: Picture, limits: Limits) -> list[Objection]:
    """Return what speaks against a picture whatever its file says."""
    H, W = picture.grey.shape
    contrast = float(np.std(picture.grey))
    found = []
    if min(H, W) < limits.min_side:
        found.append(
            Objection(
                "too_small",
                f"The image has {W} x {H} pixels; the model needs "
                f"{limits.min_side} on each side.",
            )
        )
    if max(H, W) > limits.max_aspect * min(H, W):
        found.append(
            Objection("odd_shape", f"An image of {W} x {H} pixels is no CT slice.")
        )
    if picture.colour > limits.max_colour:
        found.append(Objection("colour", "The image is in colour; a CT slice is grey."))
    if picture.metal > limits.max_metal:
        found.append(
            Objection(
                "metal",
                f"Metal fills {picture.metal:.1%} of the image, and its streaks hide "
                "what the model looks for: read it without the model.",
            )
        )
    if contrast < limits.min_contrast:
        found.append(Objection("flat", "The image is almost one shade throughout."))
    return found


def _is_one_of(fact: Fact, rule: Rule) -> bool:
    return str(fact or "").strip().lower() in {value.lower() for value in rule.values}


def _mentions_one_of(fact: Fact, rule: Rule) -> bool:
    text = str(fact or "").lower()
    return any(value.lower() in text for value in rule.values)


def _mentions_none_of(fact: Fact, rule: Rule) -> bool:
    return not _mentions_one_of(fact, rule)


def _lies_between(fact: Fact, rule: Rule) -> bool:
    if not isinstance(fact, (int, float)):
        return False
    low = -np.inf if rule.low is None else rule.low
    high = np.inf if rule.high is None else rule.high
    return bool(low <= fact <= high)


def _lies_between_if_told(fact: Fact, rule: Rule) -> bool:
    return fact is None or _lies_between(fact, rule)


CHECKS: dict[str, Callable[[Fact, Rule], bool]] = {
    "is_one_of": _is_one_of,
    "mentions_one_of": _mentions_one_of,
    "mentions_none_of": _mentions_none_of,
    "lies_between": _lies_between,
    "lies_between_if_told": _lies_between_if_told,
}


def _holds(rule: Rule, facts: SeriesFacts) -> bool:
    return CHECKS[rule.check](getattr(facts, rule.fact), rule)


def _words(rule: Rule, facts: SeriesFacts) -> str:
    value = getattr(facts, rule.fact)
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value) if value not in (None, "") else "nothing"
