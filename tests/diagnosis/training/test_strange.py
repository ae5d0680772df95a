"""What a model knows of its images' looks, and what it takes for a stranger."""

from pathlib import Path

import numpy as np
import pytest

from diagnosis.inference.appearance import load_known, strangeness
from diagnosis.training.strange import fit_known, resembling, write_known

SIZE, COUNT = 64, 60


def discs(seed: int, count: int = COUNT) -> np.ndarray:
    """Return grey ellipses with two dark holes, each a little different."""
    generator = np.random.default_rng(seed)
    y, x = np.indices((SIZE, SIZE)) / SIZE * 2 - 1
    made = []
    for _ in range(count):
        a, b, shift = generator.uniform(0.7, 0.9), generator.uniform(0.6, 0.8), 0.35
        picture = np.where((x / a) ** 2 + (y / b) ** 2 < 1, 0.7, 0.05)
        for side in (-shift, shift):
            hole = ((x - side) / 0.22) ** 2 + (y / 0.4) ** 2 < 1
            picture = np.where(hole, 0.2, picture)
        made.append(picture + generator.normal(0, 0.02, picture.shape))
    return np.stack(made).clip(0, 1).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("entry")
    groups = [str(number // 2) for number in range(COUNT)]
    write_known(fit_known(discs(1), groups=groups), folder)
    return folder


def test_its_own_kind_is_hardly_ever_strange(folder: Path) -> None:
    known = load_known(folder, "a digest")

    assert known is not None
    assert (strangeness(known, discs(2)) > 1).mean() <= 0.1


def test_what_only_resembles_it_is_strange(folder: Path) -> None:
    known = load_known(folder, "a digest")
    assert known is not None
    generator = np.random.default_rng(0)
    noise = generator.random((20, SIZE, SIZE), dtype=np.float32)
    upside_down = discs(3)[:20].swapaxes(1, 2)

    for others in (noise, 1 - discs(3), upside_down, resembling(discs(4), seed=5)):
        assert (strangeness(known, others) > 1).mean() >= 0.9


def test_an_entry_without_looks_has_none(tmp_path: Path) -> None:
    assert load_known(tmp_path, "another digest") is None
