"""A whole evaluation tells how far it is, ends when told to, and answers as figures do."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.whole import (
    HeldOut,
    Opened,
    answers_alone,
    whole_evaluation,
)
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.training.manifest import LabelledImage
from tests.diagnosis.inference.entries import slices

MADE = date(2026, 11, 28)


class Stopped(Exception):
    """What a job raises once somebody cancels it."""


@pytest.fixture
def held(tmp_path: Path) -> HeldOut:
    images = []
    for number, grey in enumerate(slices(4)):
        path = tmp_path / f"{number}.png"
        Image.fromarray((grey * 255).astype(np.uint8)).save(path)
        label = ("COVID", "NonCOVID")[number % 2]
        images.append(LabelledImage(path, label, "test", f"P{number}", "", {}))
    return HeldOut(
        images,
        positive="COVID",
        split="test",
        data="signed reports",
        data_digest="of the manifest",
    )


def test_it_tells_every_part_and_answers_as_the_figures_alone(
    held: HeldOut, entry: ModelEntry, engine: Engine
) -> None:
    model, pool = Opened(entry, engine), decoder_pool()
    told: list[tuple[str, float]] = []

    whole = whole_evaluation(
        held,
        model=model,
        against=model,
        pool=pool,
        made=MADE,
        told=lambda words, share: told.append((words, share)),
    )
    alone = answers_alone(
        held, model=model, against=model, pool=pool, told=lambda _w, _s: None
    )

    shares = [0.25, 0.5, 0.75, 1.0]
    reading = [
        (f"tiny/1 has read {number} of 4 images", share)
        for number, share in enumerate(shares, start=1)
    ]
    maps = [("testing the maps", share) for share in shares]
    assert told == [*reading, ("drawing patients", 0.0), *maps, *reading]
    kept = whole.document
    assert (kept["made"], kept["data"], kept["split"]) == (
        "2026-11-28",
        "signed reports",
        "test",
    )
    assert kept["comparison"]["against"] == "tiny/1"  # type: ignore[index]  # JSON
    assert alone.document == {}
    assert alone.difference == whole.difference
    assert np.array_equal(alone.answers.probabilities, whole.answers.probabilities)


@pytest.mark.parametrize("at", ["has read 2 of 4", "testing the maps"])
def test_what_is_told_can_end_it(
    held: HeldOut, entry: ModelEntry, engine: Engine, at: str
) -> None:
    told: list[str] = []

    def stop(words: str, _share: float) -> None:
        told.append(words)
        if at in words:
            raise Stopped

    with pytest.raises(Stopped):
        whole_evaluation(
            held,
            model=Opened(entry, engine),
            against=None,
            pool=decoder_pool(),
            made=MADE,
            told=stop,
        )

    assert sum(at in words for words in told) == 1
