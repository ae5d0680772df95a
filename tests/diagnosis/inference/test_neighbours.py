"""2.5D: which slices stand beside a slice, in serving and in learning."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from diagnosis.dicom.errors import DicomRefused
from diagnosis.inference.entry import EntryError, NetworkShape, Preprocessing
from diagnosis.inference.neighbours import Neighbours, square_of
from diagnosis.inference.network import SliceNetwork
from diagnosis.inference.preprocess import network_input
from diagnosis.inference.series import Picture, SeriesInput
from diagnosis.training.examples import Examples
from diagnosis.training.fit import fit
from diagnosis.training.initial import begin
from diagnosis.training.learning import scores_of
from diagnosis.training.manifest import ManifestError
from diagnosis.training.trainconfig import TrainConfig
from tests.diagnosis.inference.entries import CHEST, SHAPE, series, tiny_network

FIVE = Preprocessing(32, 0.5, 0.3, slices=5)
THREE = replace(FIVE, slices=3)
FLAT = np.arange(6, dtype=np.float32)[:, None, None] / 8 * np.ones((6, 32, 32), "f4")


def greys_of(square: np.ndarray) -> list[int]:
    return (8 * square.mean(axis=(1, 2))).round().astype(int).tolist()


@pytest.mark.parametrize(
    ("index", "expected"),
    [(2, [0, 1, 2, 3, 4]), (0, [0, 0, 0, 1, 2]), (5, [3, 4, 5, 5, 5])],
)
def test_a_slice_stands_between_its_neighbours(index: int, expected: list[int]) -> None:
    assert greys_of(square_of(series(FLAT), index, FIVE)) == expected


def test_a_lost_neighbour_is_replaced_and_told() -> None:
    def lost(_: object) -> Picture:
        raise DicomRefused("pixels_unreadable")

    whole = series(FLAT)
    damaged = SeriesInput(CHEST, (*whole.slices[:3], lost, *whole.slices[4:]))
    neighbours = Neighbours(damaged, FIVE)

    read = neighbours.read(2)

    assert read is not None
    assert greys_of(read[1]) == [0, 1, 2, 2, 4]
    assert neighbours.read(3) is None
    assert list(neighbours.refused) == [3]
    with pytest.raises(DicomRefused):
        square_of(damaged, 3, FIVE)


def test_a_picture_stands_for_its_neighbours() -> None:
    alone = network_input(FLAT[1:2], THREE)

    assert np.array_equal(alone, network_input(FLAT[[1, 1, 1]][None], THREE))


@pytest.mark.parametrize(
    "architecture", ["slice-residual", "efficientnet-lite0-columns"]
)
def test_weights_for_one_slice_are_weights_for_several(
    tmp_path: Path, architecture: str
) -> None:
    shape = replace(SHAPE, architecture=architecture)
    torch.manual_seed(0)
    one, several = SliceNetwork(shape), SliceNetwork(replace(shape, slices=3))
    torch.save(one.state_dict(), tmp_path / "seen.pt")

    begin(several, replace(shape, slices=3), f"file:{tmp_path / 'seen.pt'}", tmp_path)

    x = torch.rand(2, 1, 64, 64)
    with torch.inference_mode():
        maps = one.eval()(x)[1]
        again = several.eval()(x.repeat(1, 3, 1, 1))[1]
    assert torch.allclose(maps, again, atol=1e-5)


def test_weights_for_several_slices_are_none_for_one(tmp_path: Path) -> None:
    several = SliceNetwork(replace(SHAPE, slices=3))
    torch.save(several.state_dict(), tmp_path / "seen.pt")

    with pytest.raises(ManifestError, match="do not fit"):
        begin(tiny_network(), SHAPE, f"file:{tmp_path / 'seen.pt'}", tmp_path)


@pytest.mark.parametrize("slices", [0, 2, 11])
def test_a_slice_has_as_many_neighbours_on_either_side(slices: int) -> None:
    with pytest.raises(EntryError, match=r"network\.slices"):
        NetworkShape(labels=2, slices=slices)


def test_what_only_a_neighbour_shows_is_learned() -> None:
    generator = np.random.default_rng(0)
    squares = generator.random((16, 3, 32, 32), dtype=np.float32) / 2
    labels = np.arange(16) % 2
    squares[labels == 1, 2] += 0.5
    data = Examples(squares, labels)

    learned = fit(
        data,
        shape=NetworkShape(labels=2, widths=(4, 8), slices=3),
        preprocessing=THREE,
        config=TrainConfig(epochs=12, batch_size=8, average_decay=0.5, threads=1),
    )

    said = scores_of(learned.network, squares, THREE).logits.argmax(axis=1)
    assert np.array_equal(said, labels)
    alone = scores_of(learned.network, data.middle, THREE).logits.argmax(axis=1)
    assert not np.array_equal(alone, labels)
