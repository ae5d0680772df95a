"""Pre-training: what it sees, what it refuses, and who can begin with it."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.augment import cropped
from diagnosis.training.initial import begin, named
from diagnosis.training.manifest import ManifestError
from diagnosis.training.pretrain import PretrainConfig, Pretrained, pretrain
from diagnosis.training.unlabelled import unlabelled_in
from tests.diagnosis.dicom.synthetic import ct_slice, saved

SHAPE = NetworkShape(labels=2, widths=(8, 16))
GREY = Preprocessing(32, 0.5, 0.3)


def squares(count: int = 16) -> NDArray[np.float32]:
    """Return stripes, each picture with a width of its own."""
    rows = np.arange(32)[None, :, None] // (1 + np.arange(count) % 6)[:, None, None]
    return np.broadcast_to(rows % 2, (count, 32, 32)).astype(np.float32)


def pretrained(
    checkpoint: Path | None = None, cut_after: int = 99, **choices: int
) -> tuple[Pretrained, list[float]]:
    torch.manual_seed(0)
    told: list[float] = []

    def report(number: int, loss: float) -> None:
        told.append(loss)
        if number == cut_after:
            raise KeyboardInterrupt

    done = pretrain(
        squares(),
        SliceNetwork(SHAPE),
        preprocessing=GREY,
        config=PretrainConfig(
            **{"epochs": 12, "batch_size": 8, "width": 16, "threads": 1, **choices}  # type: ignore[arg-type]  # whole numbers only
        ),
        report=report,
        checkpoint=checkpoint,
    )
    return done, told


def test_copies_come_to_be_foreseen_and_images_stay_apart() -> None:
    done, told = pretrained()

    assert np.mean(told[-3:]) < np.mean(told[:3])
    assert done.spread > 0.2


def test_a_run_cut_off_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole, _ = pretrained(epochs=2)

    with pytest.raises(KeyboardInterrupt):
        pretrained(tmp_path / "seen.unfinished", cut_after=1, epochs=2)
    resumed, told = pretrained(tmp_path / "seen.unfinished", epochs=2)

    assert len(told) == 1
    assert (resumed.loss, resumed.spread) == (whole.loss, whole.spread)
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name


def test_too_few_images_are_refused() -> None:
    with pytest.raises(ManifestError, match="fewer than a batch of 32"):
        pretrained(batch_size=32)


def test_a_recipe_begins_with_what_was_seen(tmp_path: Path) -> None:
    done, _ = pretrained(epochs=1)
    torch.save(done.network.state_dict(), tmp_path / "seen.pt")
    network = SliceNetwork(SHAPE)

    begin(network, SHAPE, f"file:{tmp_path / 'seen.pt'}", tmp_path)

    assert re.fullmatch(
        r"file:seen\.pt \(sha256 [0-9a-f]{16}\)", named(f"file:{tmp_path / 'seen.pt'}")
    )
    seen = done.network.state_dict()["stages.0.first.0.weight"]
    assert torch.equal(network.state_dict()["stages.0.first.0.weight"], seen)


def test_a_part_of_an_image_is_shown_at_the_size_of_the_whole() -> None:
    x = torch.linspace(0, 1, 32).view(1, 1, 32, 1).expand(4, 1, 32, 32)

    shown = cropped(x, least=0.25, generator=torch.Generator().manual_seed(0))

    heights = (shown[:, 0, -1, 0] - shown[:, 0, 0, 0]).tolist()
    assert shown.shape == x.shape
    assert all(0.45 < height < 0.99 for height in heights)


def test_pictures_and_series_are_seen_and_the_rest_is_counted(tmp_path: Path) -> None:
    pool = DecoderPool(size=1)
    noise = np.random.default_rng(0).integers(0, 255, (64, 70)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    folder = tmp_path / "series"
    folder.mkdir()
    for number in range(1, 6):
        saved(ct_slice(number), folder / f"{number}.dcm")

    seen = unlabelled_in(
        tmp_path, preprocessing=Preprocessing(32, 0, 1), slices=3, pool=pool
    )

    pool.close()
    assert seen.squares.shape == (4, 32, 32)
    assert (seen.series, seen.skipped) == (2, 1)
