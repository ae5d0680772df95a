"""Metal: told beside an answer, and its slices left out of it."""

import numpy as np
import pytest

from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import Limits, ModelEntry
from diagnosis.inference.metal import (
    MetalSeen,
    counted_slices,
    metal_seen,
    share_of_metal,
)
from diagnosis.inference.predict import read_series
from diagnosis.inference.series import Picture, SeriesInput
from tests.diagnosis.inference.entries import CHEST, slices


def disc(hu: float, *, radius: float, side: int = 400) -> np.ndarray:
    """Return a drawn slice: soft tissue with ribs of 1800 HU, and one disc."""
    y, x = np.mgrid[:side, :side] - side / 2
    image = np.full((side, side), 40, np.float32)
    image[::40] = 1800
    image[x**2 + y**2 < radius**2] = hu
    return image


def test_metal_is_a_solid_thing_beyond_bone_and_contrast() -> None:
    clip = share_of_metal(disc(3071, radius=3))
    noise = disc(40, radius=0)
    noise[::20, ::20] = 3071

    assert 20 <= clip * 400**2 <= 32  # pi times three squared, in pixels
    assert clip >= Limits().some_metal
    assert share_of_metal(disc(3000, radius=40)) == 0.0
    assert share_of_metal(noise) == 0.0


@pytest.mark.parametrize(
    ("metal", "counted", "seen"),
    [
        ([0, 0, 0.00001], [0, 1, 2], None),
        ([0, 0.0001, 0], [0, 1, 2], MetalSeen(slices=1, left_out=0, read=3)),
        ([0.01, 0.0001, 0], [1, 2], MetalSeen(slices=2, left_out=1, read=3)),
        ([0.01, 0.01, 0], [0, 1, 2], MetalSeen(slices=2, left_out=0, read=3)),
    ],
)
def test_slices_with_much_metal_do_not_count_unless_most_are_such(
    metal: list[float], counted: list[int], seen: MetalSeen | None
) -> None:
    assert counted_slices(metal, Limits()) == counted
    assert metal_seen(metal, counted, Limits()) == seen


def shown(*metal: float) -> SeriesInput:
    pictures = [
        Picture(grey, metal=share)
        for grey, share in zip(slices(len(metal)), metal, strict=True)
    ]
    return SeriesInput(CHEST, tuple(lambda _, p=p: p for p in pictures))  # type: ignore[misc]


def test_a_pacemaker_takes_its_own_slices_alone(
    entry: ModelEntry, engine: Engine
) -> None:
    without = read_series(entry, engine, shown(0, 0, 0))
    greys = [one(entry.preprocessing) for one in shown(0, 0, 0).slices]
    can = Picture(slices(1, seed=9)[0], metal=0.01)
    pictures = [greys[0], greys[1], can, greys[2]]
    series = SeriesInput(CHEST, tuple(lambda _, p=p: p for p in pictures))  # type: ignore[misc]

    reading = read_series(entry, engine, series)

    assert not reading.abstained
    assert reading.metal == MetalSeen(slices=1, left_out=1, read=reading.slices_read)
    assert without.metal is None
    assert reading.key_slice != 2


def test_metal_in_most_slices_withholds(entry: ModelEntry, engine: Engine) -> None:
    reading = read_series(entry, engine, shown(0.01, 0.01, 0.01, 0))

    assert [one.code for one in reading.objections] == ["metal"]
