"""Half precision, as a GPU serves, computed on the CPU; and which engines stay open."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from diagnosis.inference.engines import HalfEngine, TorchEngine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.preprocess import network_input
from diagnosis.inference.serving import OpenEngines
from tests.diagnosis.inference.entries import SIZE, slices


@pytest.fixture(scope="module")
def exact(entry: ModelEntry) -> TorchEngine:
    return TorchEngine(entry, device="cpu")


@pytest.fixture(scope="module")
def half(entry: ModelEntry) -> HalfEngine:
    return HalfEngine(entry, device="cpu")


@pytest.mark.parametrize("count", [1, 3, 33])  # as it is, padded, beyond every size
def test_half_precision_gives_each_slice_its_own_answer(
    entry: ModelEntry, exact: TorchEngine, half: HalfEngine, count: int
) -> None:
    x = network_input(slices(count, side=SIZE), entry.preprocessing)

    found, expected = half.run(x), exact.run(x)

    assert half.name == "torch-fp16"
    assert found.logits.shape == (count, 2)
    assert found.cams.shape == expected.cams.shape
    assert found.logits == pytest.approx(expected.logits, abs=5e-3)
    assert found.features == pytest.approx(expected.features, abs=5e-3)
    assert not np.array_equal(found.features, expected.features)  # it was rounded


def test_what_half_precision_cannot_hold_is_computed_exactly(
    exact: TorchEngine, half: HalfEngine
) -> None:
    x = slices(2, side=SIZE)[:, None] * np.float32(1e6)  # float16 ends at 65,504

    found, expected = half.run(x), exact.run(x)

    assert found.logits == pytest.approx(expected.logits, rel=1e-5)


def test_few_models_stay_open_and_the_one_in_use_among_them(entry: ModelEntry) -> None:
    engines = OpenEngines(most=2)
    in_service, shadow, other = (replace(entry, digest=name) for name in "abc")

    first = engines.of(in_service)
    candidate = engines.of(shadow)
    engines.of(in_service)
    engines.of(other)

    assert len(engines) == 2
    assert engines.of(in_service) is first
    assert engines.of(shadow) is not candidate


def test_two_jobs_that_begin_together_open_a_model_once(entry: ModelEntry) -> None:
    engines, together = OpenEngines(most=2), threading.Barrier(2)
    found = []

    def begin() -> None:
        together.wait()
        found.append(engines.of(entry))

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found[0] is found[1]
