"""Curves against numbers worked by hand.

Ten images of ten patients, probability of `sick` and the truth:

    0.95 s | 0.85 s | 0.75 s | 0.65 w | 0.55 s | 0.45 w | 0.35 s | 0.25 w | 0.15 w | 0.05 w
"""

import numpy as np
import pytest

from diagnosis.evaluation.curves import (
    abstention_curve,
    answers_by_truth,
    by_class,
    decision_curve,
    operating_points,
    precision_recall_points,
    reliability,
    roc_points,
    wilson,
)
from diagnosis.evaluation.measure import curves_of
from diagnosis.training.metrics import Answers

P = np.array([0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05])
SICK = np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 0], dtype=bool)
ANSWERS = Answers(
    probabilities=np.stack([P, 1 - P], axis=1),
    truth=np.where(SICK, 0, 1),
    groups=list("abcdefghij"),
    abstained=np.zeros(10, dtype=bool),
)


def test_roc_goes_from_nothing_to_everything() -> None:
    points = roc_points(P, SICK)

    assert (points[0], points[-1]) == ([0.0, 0.0], [1.0, 1.0])
    assert [0.0, 0.6] in points  # three sick before the first false alarm
    assert points == sorted(points)


def test_precision_is_told_for_every_recall() -> None:
    points = precision_recall_points(P, SICK)

    assert [0.6, 1.0] in points
    assert [1.0, 0.7143] in points  # 5 of 7 called


def test_a_bin_tells_what_was_said_and_found_and_what_chance_leaves() -> None:
    bins = reliability(np.array([0.62, 0.68, 0.66, 0.64]), np.array([1, 1, 1, 0]) > 0)

    low, high = wilson(0.75, 4)
    assert bins == [
        {
            "n": 4,
            "said": 0.65,
            "found": 0.75,
            "low": round(low, 4),
            "high": round(high, 4),
        }
    ]
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_net_benefit_weighs_false_alarms_by_the_odds() -> None:
    at = {point["threshold"]: point for point in decision_curve(P, SICK)}

    assert at[0.5]["model"] == 0.3  # 4 found, 1 false alarm, of 10, odds 1
    assert at[0.5]["all"] == 0.0
    assert at[0.2]["model"] == 0.425  # 5 found, 3 false alarms at a quarter each


def test_answering_less_keeps_the_surest() -> None:
    points = abstention_curve(ANSWERS, positive=0)

    assert points[0] == {"answered": 1.0, "n": 10, "accuracy": 0.8, "auroc": 0.88}
    assert points[-1] == {"answered": 0.5, "n": 5, "accuracy": 1.0, "auroc": 1.0}


def test_operating_points_keep_what_they_promise() -> None:
    half, sensitive, specific = operating_points(P, SICK)

    found = (half.true_positive, half.false_positive, half.false_negative)
    assert (*found, half.true_negative) == (4, 1, 1, 4)
    assert (sensitive.threshold, sensitive.sensitivity) == (0.35, 1.0)
    assert (specific.threshold, specific.specificity) == (0.75, 1.0)


def test_each_label_is_judged_against_the_others() -> None:
    sick, well = by_class(ANSWERS, labels=("sick", "well"))

    assert (sick["precision"], sick["recall"], sick["n"]) == (0.8, 0.8, 5)
    assert (well["label"], well["f1"]) == ("well", 0.8)
    assert well["auroc"] == pytest.approx(0.88)


def test_what_needs_both_kinds_is_left_out_without() -> None:
    only = Answers(np.array([[0.9, 0.1]]), np.array([0]), ["a"], np.array([False]))

    found = curves_of(only, labels=("sick", "well"), positive=0)

    assert "roc" not in found
    assert found["classes"]
    both = curves_of(ANSWERS, labels=("sick", "well"), positive=0)
    assert {"roc", "decision", "reliability", "points", "intervals"} <= set(both)


def test_answers_are_counted_by_truth_and_those_withheld_apart() -> None:
    three = Answers(
        probabilities=np.eye(3)[[0, 1, 2, 2, 0, 1]],
        truth=np.array([0, 0, 2, 2, 2, 1]),
        groups=list("abcdef"),
        abstained=np.array([0, 0, 0, 1, 0, 0], dtype=bool),
    )

    counted = answers_by_truth(three, labels=("a", "b", "c"))

    assert counted == [
        {"label": "a", "said": [1, 1, 0], "withheld": 0},
        {"label": "b", "said": [0, 1, 0], "withheld": 0},
        {"label": "c", "said": [1, 0, 1], "withheld": 1},
    ]
