"""Two models on the same images: the same patients are drawn for both."""

import numpy as np
import pytest

from diagnosis.training.compare import paired_difference

RNG = np.random.default_rng(5)
TRUTH = np.arange(60) % 2 == 0
PATIENTS = [f"p{number // 2}" for number in range(60)]
NOISE = RNG.random(60)


def test_a_model_beside_itself_differs_by_nothing() -> None:
    same = paired_difference(NOISE, NOISE, TRUTH, groups=PATIENTS)

    assert same is not None
    assert (same.difference, same.ci95, same.better_share) == (0.0, (0.0, 0.0), 0.0)
    assert (same.n, same.patients) == (60, 30)


def test_a_model_that_knows_is_surely_better_than_one_that_guesses() -> None:
    known = paired_difference(TRUTH.astype(float), NOISE, TRUTH, groups=PATIENTS)

    assert known is not None
    assert known.auroc == 1.0
    assert known.ci95[0] > 0.2
    assert known.difference == pytest.approx(1.0 - known.against_auroc)


def test_nothing_is_compared_on_one_kind_alone() -> None:
    assert paired_difference(NOISE, NOISE, np.ones(60, bool), groups=PATIENTS) is None
