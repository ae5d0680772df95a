"""Known values of the one way from pixels to the network."""

import numpy as np
import pytest

from diagnosis.inference.entry import EntryError, Preprocessing
from diagnosis.inference.preprocess import (
    PreprocessError,
    grey_of_hu,
    grey_of_picture,
    hu_of_stored,
    network_input,
    squared,
)

LUNG = Preprocessing(size=32, mean=0.25, standard_deviation=0.5)


def test_lung_window_maps_its_ends_to_black_and_white() -> None:
    # center -600, width 1500: PS3.3 C.11.2.1.2.1 ends at -1350 and 149
    hu = np.array([[-1350.0, 149.0, -600.5, 3000.0]], dtype=np.float32)

    grey = grey_of_hu(hu, LUNG)

    assert grey.tolist() == [pytest.approx([0.0, 1.0, 0.5, 1.0], abs=1e-3)]


def test_hounsfield_units_are_rescaled_and_finite() -> None:
    stored = np.array([0, 1024], dtype=np.int16)
    odd = np.array([np.nan, np.inf], dtype=np.float32)

    assert hu_of_stored(stored, slope=2, intercept=-1024).tolist() == [-1024, 1024]
    assert hu_of_stored(odd, slope=1, intercept=0).tolist() == [-1000, 3071]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (np.array([[0, 255]], dtype=np.uint8), [[0.0, 1.0]]),
        (np.array([[100, 300, 200]], dtype=np.uint16), [[0.0, 1.0, 0.5]]),
        (np.array([[[255, 0, 0], [0, 0, 0]]], dtype=np.uint8), [[0.299, 0.0]]),
        (np.array([[7, 7]], dtype=np.uint16), [[0.0, 0.0]]),
    ],
)
def test_pictures_become_grey(
    picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]",
    expected: list[list[float]],
) -> None:
    assert grey_of_picture(picture).tolist() == [pytest.approx(expected[0], abs=1e-5)]


def test_a_stack_is_no_picture() -> None:
    with pytest.raises(PreprocessError, match=r"\(2, 2, 4\)"):
        grey_of_picture(np.zeros((2, 2, 4), dtype=np.uint8))


def test_every_aspect_becomes_the_same_square() -> None:
    wide = np.tile(np.linspace(0, 1, 200, dtype=np.float32), (50, 1))

    square = squared(wide, size=32)

    assert square.shape == (32, 32)
    assert np.allclose(square[0], square[-1])
    assert np.all(np.diff(square[0]) > 0)


def test_input_is_normalized_with_a_channel() -> None:
    x = network_input(np.full((3, 32, 32), 0.75, dtype=np.float32), LUNG)

    assert x.shape == (3, 1, 32, 32)
    assert x.dtype == np.float32
    assert np.all(x == 1.0)


def test_a_deviation_of_zero_is_refused() -> None:
    with pytest.raises(EntryError):
        Preprocessing(size=32, mean=0.0, standard_deviation=0.0)
