"""Several threads, one engine: batches are formed, and each gets its own answer."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from diagnosis.inference.engines import Engine, FloatArray, Scores
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.gathering import GatheringEngine
from diagnosis.inference.preprocess import network_input
from tests.diagnosis.inference.entries import SIZE, slices

FOR_EVER_S = 600.0


class Counted:
    """An engine that keeps how many images each of its batches had."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self.sizes: list[int] = []
        self._engine = engine

    def run(self, x: FloatArray) -> Scores:
        self.sizes.append(len(x))
        return self._engine.run(x)


def asked_together(
    engine: GatheringEngine, requests: Sequence[FloatArray]
) -> list[Scores]:
    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(engine.run, requests))


def test_requests_of_several_jobs_make_one_full_batch(
    entry: ModelEntry, engine: Engine
) -> None:
    x = network_input(slices(12, side=SIZE), entry.preprocessing)
    counted = Counted(engine)
    # It would wait for ever if it were not full.
    gathering = GatheringEngine(counted, largest=12, wait_s=FOR_EVER_S)

    answers = asked_together(gathering, [x[:3], x[3:4], x[4:]])

    assert counted.sizes == [12]
    expected = engine.run(x)
    for answer, rows in zip(
        answers, (slice(0, 3), slice(3, 4), slice(4, 12)), strict=True
    ):
        assert answer.logits == pytest.approx(expected.logits[rows], abs=1e-5)
        assert answer.features == pytest.approx(expected.features[rows], abs=1e-5)
        assert answer.cams == pytest.approx(expected.cams[rows], abs=1e-4)


def test_a_request_waits_for_company_no_longer_than_told(
    entry: ModelEntry, engine: Engine
) -> None:
    counted = Counted(engine)
    x = network_input(slices(2, side=SIZE), entry.preprocessing)

    GatheringEngine(counted, largest=32, wait_s=0.001).run(x)

    assert counted.sizes == [2]


def test_no_batch_is_larger_than_told_but_a_single_request(
    entry: ModelEntry, engine: Engine
) -> None:
    counted = Counted(engine)
    x = network_input(slices(6, side=SIZE), entry.preprocessing)
    gathering = GatheringEngine(counted, largest=4, wait_s=0.0)

    answers = asked_together(gathering, [x[:3], x[:3], x])

    assert [len(answer.logits) for answer in answers] == [3, 3, 6]
    assert sorted(counted.sizes) == [3, 3, 6]


def test_what_fails_fails_for_everybody_and_for_nobody_after(
    entry: ModelEntry, engine: Engine
) -> None:
    x = network_input(slices(2, side=SIZE), entry.preprocessing)
    gathering = GatheringEngine(engine, largest=2, wait_s=FOR_EVER_S)

    with pytest.raises(Exception, match="Got: 3 Expected: 1"):
        gathering.run(np.repeat(x, 3, axis=1))  # three channels

    assert len(gathering.run(x).logits) == 2
