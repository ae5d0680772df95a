"""The curves and tables that a classifier is judged by, as short lists of points.

References:
    Saito and Rehmsmeier, Precision-recall plots, PLOS ONE 2015.
    Vickers and Elkin, Decision curve analysis, Medical Decision Making 2006.
    Geifman and El-Yaniv, Selective classification, NeurIPS 2017 (abstention curve).
    Wilson, Probable inference, JASA 1927 (intervals of the reliability diagram).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_curve,
)

from diagnosis.training.metrics import Answers, auroc

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
MAX_POINTS = 80
BINS = 10
Z95 = 1.959964
SHARES = tuple(round(1 - step / 20, 2) for step in range(11))  # answered: 1 to 0.5
THRESHOLDS = tuple(round(step / 20, 2) for step in range(1, 20))
WANTED = 0.9  # sensitivity, and specificity, of the two other operating points


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What an answer is worth where the positive label is said from a threshold on.

    Attributes:
        rule: `half`, `sensitivity` or `specificity`: what the threshold was chosen for.
    """

    rule: str
    threshold: float
    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    sensitivity: float
    specificity: float
    precision: float | None
    negative_predictive_value: float | None


def roc_points(p: Array, is_positive: Bools) -> list[list[float]]:
    """Return false and true positive rates, from (0, 0) to (1, 1)."""
    false_rate, true_rate, _ = roc_curve(is_positive, p)
    return _thinned(false_rate, true_rate)


def precision_recall_points(p: Array, is_positive: Bools) -> list[list[float]]:
    """Return recall and precision, recall rising from 0."""
    precision, recall, _ = precision_recall_curve(is_positive, p)
    return _thinned(recall[::-1], precision[::-1])


def reliability(p: Array, is_positive: Bools) -> list[dict[str, float]]:
    """Return, for each tenth of the probability, what was said and what was found.

    Empty tenths are left out; `low` and `high` are Wilson's 95 % interval of `found`.
    """
    number = np.ceil(p * BINS).astype(int).clip(1, BINS) - 1
    bins = []
    for index in np.unique(number):
        inside = number == index
        n, found = int(inside.sum()), float(is_positive[inside].mean())
        low, high = wilson(found, n)
        bins.append(
            {
                "n": n,
                "said": _short(float(p[inside].mean())),
                "found": _short(found),
                "low": _short(low),
                "high": _short(high),
            }
        )
    return bins


def decision_curve(p: Array, is_positive: Bools) -> list[dict[str, float]]:
    """Return the net benefit at each threshold: of the model, and of treating all.

    Treating none has a net benefit of 0 everywhere.
    """
    prevalence = float(is_positive.mean())
    points = []
    for threshold in THRESHOLDS:
        odds = threshold / (1 - threshold)
        called = p >= threshold
        benefit = (called & is_positive).mean() - odds * (called & ~is_positive).mean()
        points.append(
            {
                "threshold": threshold,
                "model": _short(float(benefit)),
                "all": _short(prevalence - (1 - prevalence) * odds),
            }
        )
    return points


def abstention_curve(
    answers: Answers, *, positive: int
) -> list[dict[str, float | None]]:
    """Return how right the answers are when only the surest share of them is given."""
    confidence = answers.probabilities.max(axis=1)
    right = answers.probabilities.argmax(axis=1) == answers.truth
    surest = np.argsort(-confidence, kind="stable")
    points = []
    for share in SHARES:
        given = surest[: max(round(share * len(surest)), 1)]
        area = auroc(
            answers.probabilities[given, positive], answers.truth[given] == positive
        )
        points.append(
            {
                "answered": share,
                "n": len(given),
                "accuracy": _short(float(right[given].mean())),
                "auroc": None if area is None else _short(area),
            }
        )
    return points


def operating_points(p: Array, is_positive: Bools) -> list[OperatingPoint]:
    """Return the points at one half, at 90 % sensitivity and at 90 % specificity.

    The last two thresholds are chosen on the very images they are reported on.
    """
    false_rate, true_rate, thresholds = roc_curve(
        is_positive, p, drop_intermediate=False
    )
    sensitive = int(np.flatnonzero(true_rate >= WANTED - 1e-12)[0])
    specific = int(np.flatnonzero(false_rate <= 1 - WANTED + 1e-12)[-1])
    return [
        _point("half", 0.5, p, is_positive),
        _point("sensitivity", float(thresholds[sensitive]), p, is_positive),
        _point("specificity", float(thresholds[specific]), p, is_positive),
    ]


def answers_by_truth(
    answers: Answers, *, labels: Sequence[str]
) -> list[dict[str, object]]:
    """Return for each true label how often each label was said, and how often none."""
    predicted = answers.probabilities.argmax(axis=1)
    rows: list[dict[str, object]] = []
    for index, label in enumerate(labels):
        inside = answers.truth == index
        said = predicted[inside & ~answers.abstained]
        rows.append(
            {
                "label": label,
                "said": np.bincount(said, minlength=len(labels)).tolist(),
                "withheld": int((inside & answers.abstained).sum()),
            }
        )
    return rows


def by_class(answers: Answers, *, labels: Sequence[str]) -> list[dict[str, object]]:
    """Return precision, recall, F1 and AUROC of each label against the others."""
    predicted = answers.probabilities.argmax(axis=1)
    precision, recall, f1, n = precision_recall_fscore_support(
        answers.truth, predicted, labels=range(len(labels)), zero_division=0.0
    )
    return [
        {
            "label": label,
            "n": int(n[index]),
            "precision": _short(float(precision[index])),
            "recall": _short(float(recall[index])),
            "f1": _short(float(f1[index])),
            "auroc": auroc(answers.probabilities[:, index], answers.truth == index),
        }
        for index, label in enumerate(labels)
    ]


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share that was found among n."""
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / 4 / n**2)
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)


def _point(rule: str, threshold: float, p: Array, is_positive: Bools) -> OperatingPoint:
    called = p >= threshold
    tp, fp = int((called & is_positive).sum()), int((called & ~is_positive).sum())
    fn, tn = int((~called & is_positive).sum()), int((~called & ~is_positive).sum())
    return OperatingPoint(
        rule=rule,
        threshold=min(threshold, 1.0),  # the curve begins above every probability
        true_positive=tp,
        false_positive=fp,
        false_negative=fn,
        true_negative=tn,
        sensitivity=tp / (tp + fn),
        specificity=tn / (tn + fp),
        precision=tp / (tp + fp) if tp + fp else None,
        negative_predictive_value=tn / (tn + fn) if tn + fn else None,
    )


def _thinned(x: Array, y: Array) -> list[list[float]]:
    chosen = np.unique(np.linspace(0, len(x) - 1, MAX_POINTS).round().astype(int))
    return [[_short(float(x[i])), _short(float(y[i]))] for i in chosen]


def _short(value: float) -> float:
    return round(value, 4)
