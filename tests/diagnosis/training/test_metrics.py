"""Figures against a table worked by hand.

Six images; probability of `sick`, and the truth:

    0.95 sick | 0.85 sick | 0.65 well | 0.45 sick | 0.25 well | 0.15 well
"""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from diagnosis.training.metrics import (
    Answers,
    auprc,
    auroc,
    confusion,
    expected_calibration_error,
    figures,
    sensitivity_at,
)

POSITIVE = np.array([0.95, 0.85, 0.65, 0.45, 0.25, 0.15])
TRUTH = np.array([0, 0, 1, 0, 1, 1])  # sick is label 0
ANSWERS = Answers(
    probabilities=np.stack([POSITIVE, 1 - POSITIVE], axis=1),
    truth=TRUTH,
    groups=list("aabbcc"),
    abstained=np.array([False, False, True, True, False, False]),
)


def test_figures_are_those_worked_by_hand() -> None:
    found = figures(ANSWERS, positive=0)

    # Called sick: 0.95, 0.85 rightly, 0.65 wrongly; 0.45 is missed.
    assert found.n == 6
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)
    assert found.f1 == pytest.approx(2 / 3)
    # Of nine pairs only (0.45 sick, 0.65 well) is the wrong way round.
    assert found.auroc == pytest.approx(8 / 9)
    # No false alarm allowed among three: the two above 0.65 are found.
    assert found.sensitivity_at_90_specificity == pytest.approx(2 / 3)
    squares = [0.05**2, 0.15**2, 0.65**2, 0.55**2, 0.25**2, 0.15**2]
    assert found.brier == pytest.approx(sum(squares) / 6)
    assert found.abstained == 2


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Top-label confidence: 0.95 right, 0.85 right, 0.65 wrong, 0.55 wrong,
    # 0.75 right, 0.85 right. Bins: 0.5-0.6, 0.6-0.7, 0.7-0.8, 0.8-0.9, 0.9-1.
    expected = (1 * 0.55 + 1 * 0.65 + 1 * 0.25 + 2 * 0.15 + 1 * 0.05) / 6

    found = expected_calibration_error(ANSWERS.probabilities, TRUTH)

    assert found == pytest.approx(expected)


def test_the_other_label_may_be_the_positive_one() -> None:
    found = figures(ANSWERS, positive=1)

    assert found.auroc == pytest.approx(8 / 9)
    assert found.recall == pytest.approx(2 / 3)


def test_areas_and_sensitivity_are_those_of_the_library_ties_and_all() -> None:
    generator = np.random.default_rng(0)
    for n in (8, 40, 200):
        p = generator.random(n).round(1)
        truth = np.r_[True, False, generator.random(n - 2) < 0.4]
        false_rate, true_rate, _ = roc_curve(truth, p)

        assert auroc(p, truth) == pytest.approx(roc_auc_score(truth, p))
        assert auprc(p, truth) == pytest.approx(average_precision_score(truth, p))
        assert sensitivity_at(p, truth, 0.9) == pytest.approx(
            true_rate[false_rate <= 0.1 + 1e-12].max()
        )


def test_confusion_counts_by_truth_then_answer() -> None:
    assert confusion(ANSWERS, labels=("sick", "well")) == {
        "sick": {"sick": 2, "well": 1},
        "well": {"sick": 1, "well": 2},
    }


def test_interval_holds_the_value_and_repeats_under_its_seed() -> None:
    first, second = (figures(ANSWERS, positive=0, seed=3) for _ in range(2))

    assert first.auroc_ci95 == second.auroc_ci95
    assert first.auroc_ci95 is not None
    low, high = first.auroc_ci95
    assert 0 <= low <= 8 / 9 <= high <= 1


def test_what_needs_both_labels_is_none_without() -> None:
    only_sick = Answers(np.array([[0.9, 0.1]]), np.array([0]), ["a"], np.array([False]))

    found = figures(only_sick, positive=0)

    assert (found.auroc, found.auroc_ci95) == (None, None)
    assert found.sensitivity_at_90_specificity is None
    assert found.accuracy == 1.0


def test_no_images_have_no_figures() -> None:
    empty = np.empty((0, 2))

    with pytest.raises(ValueError, match="no figures"):
        Answers(empty, np.empty(0, int), [], np.empty(0, bool))
