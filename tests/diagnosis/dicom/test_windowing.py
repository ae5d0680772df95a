"""Known answers of PS3.3 C.11.1 and C.11.2, then properties."""

import numpy as np
import pytest

from diagnosis.dicom.windowing import (
    WindowError,
    full_range_window,
    invert,
    rescale,
    window,
)


def test_rescale_gives_hounsfield_units() -> None:
    stored = np.array([0, 24, 1024], np.int16)

    assert rescale(stored, slope=1, intercept=-1024).tolist() == [-1024, -1000, 0]


@pytest.mark.parametrize(("slope", "intercept"), [(0, 0), (np.nan, 0), (1, np.inf)])
def test_an_impossible_rescale_is_refused(slope: float, intercept: float) -> None:
    with pytest.raises(WindowError):
        rescale(np.zeros(1), slope=slope, intercept=intercept)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-160.0, 0.0), (-159.0, 1 / 399), (39.5, 0.5), (240.0, 1.0), (9e9, 1.0)],
)
def test_the_linear_window(value: float, expected: float) -> None:
    shown = window(np.array([value]), center=40, width=400)

    assert shown[0] == pytest.approx(expected, abs=1e-3)


def test_width_below_one_is_refused() -> None:
    with pytest.raises(WindowError, match="at least 1"):
        window(np.zeros(1), center=0, width=0.5)


def test_width_one_is_a_threshold() -> None:
    shown = window(np.array([-1.0, 0.0]), center=0, width=1)

    assert shown.tolist() == [0.0, 1.0]


def test_the_full_range_shows_every_finite_value() -> None:
    values = np.array([-5.0, 10.0, np.nan])
    center, width = full_range_window(values)

    shown = window(values[:2], center=center, width=width)
    assert shown[0] == pytest.approx(0.0, abs=0.05)
    assert shown[1] == pytest.approx(1.0, abs=0.05)


def test_inversion_swaps_black_and_white() -> None:
    assert invert(np.array([0.0, 1.0], np.float32)).tolist() == [1.0, 0.0]
