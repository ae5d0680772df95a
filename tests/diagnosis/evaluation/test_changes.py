"""Changes that change no diagnosis, and how often a slice is decoded."""

import numpy as np
import pytest

from diagnosis.evaluation.changes import (
    CHANGES,
    blurred,
    changed,
    remembered,
    sharpened,
    shifted,
    turned,
)
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.series import Picture, SeriesInput
from tests.diagnosis.inference.entries import CHEST, series, slices

GREY = slices(1, side=256)[0]


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_every_change_keeps_shape_and_range_and_changes(name: str) -> None:
    made = CHANGES[name](GREY)

    assert made.shape == GREY.shape
    assert made.dtype == np.float32
    assert 0 <= made.min() <= made.max() <= 1
    assert np.abs(made - GREY).mean() > 1e-3
    assert (CHANGES[name](GREY) == made).all()


def test_a_blur_keeps_the_mean_and_takes_the_fine_away() -> None:
    soft, hard = blurred(GREY, deviation=6.0), sharpened(GREY)

    assert soft.mean() == pytest.approx(GREY.mean(), abs=0.02)
    assert soft.std() < GREY.std() / 4
    assert hard.std() > GREY.std() * 0.99


def test_a_shift_is_of_the_whole_grey_scale() -> None:
    assert shifted(np.full((4, 4), 0.5, np.float32), by=0.1)[0, 0] == pytest.approx(0.6)


def test_turning_moves_what_stands_above_the_middle_to_the_left() -> None:
    grey = np.zeros((101, 101), np.float32)
    grey[10, 50] = 1

    made = turned(grey, degrees=10)

    y, x = np.unravel_index(made.argmax(), made.shape)
    assert x < 50
    assert y == pytest.approx(11, abs=1)


def test_a_slice_is_decoded_once_however_often_it_is_read() -> None:
    asked = []

    def load(_preprocessing: Preprocessing) -> Picture:
        asked.append(1)
        return Picture(GREY)

    once = remembered(SeriesInput(CHEST, (load,)))
    preprocessing = Preprocessing(32, 0.4, 0.3)
    for change in CHANGES.values():
        changed(once, change).slices[0](preprocessing)

    assert len(asked) == 1


def test_every_slice_of_a_series_is_changed() -> None:
    made = changed(series(slices(3)), lambda grey: grey * 0)

    preprocessing = Preprocessing(32, 0.4, 0.3)
    assert [load(preprocessing).grey.max() for load in made.slices] == [0, 0, 0]
