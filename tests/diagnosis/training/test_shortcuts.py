"""Controls that see no lungs."""

import numpy as np

from diagnosis.training.metrics import auroc
from diagnosis.training.shortcuts import (
    control_probabilities,
    grey_levels,
    lungs_blanked,
)


def test_the_middle_is_covered_and_the_corners_are_not() -> None:
    squares = np.random.default_rng(0).random((2, 50, 50), dtype=np.float32)

    blanked = lungs_blanked(squares)

    assert np.all(blanked[:, 15:35, 12:38] == 0.5)
    assert np.array_equal(blanked[:, :4, :4], squares[:, :4, :4])
    assert not np.all(squares[:, 25, 25] == 0.5)


def test_a_class_betrayed_by_brightness_is_found_out() -> None:
    generator = np.random.default_rng(0)
    truth = np.arange(40) % 2 == 1
    squares = generator.random((40, 8, 8), dtype=np.float32) + truth[:, None, None]

    levels = grey_levels(squares.astype(np.float32))
    p = control_probabilities(levels[:20], truth[:20], levels[20:])

    assert auroc(p, truth[20:]) == 1.0
