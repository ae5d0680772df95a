"""The store's own model gives no answer to what it was not made for.

A part of `make bench BENCH=abstention`, which asks about every file and picture.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from diagnosis.dicom.pool import DecoderPool, decoder_pool
from diagnosis.inference.engines import Engine, open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.predict import Reading, read_series
from diagnosis.inference.rules import objections
from diagnosis.inference.series import SeriesInput
from diagnosis.inference.store import load_entry
from hospital.core.sealed import resolve
from tests.benchmarks.abstention import (
    HEAD,
    lying,
    noises,
    photographs,
    pictures_of,
    series_at,
    validation,
)
from tests.diagnosis.realdata import dicom_files
from tests.running import ROOT

OTHERS = ("MR2_UNCR.dcm", "emri_small_RLE.dcm", "RG1_J2KI.dcm")
pytestmark = [pytest.mark.realdata, pytest.mark.slow]


@pytest.fixture(scope="module")
def pool() -> DecoderPool:
    dicom_files(HEAD)  # skips without the data, outside CI only
    return decoder_pool()


@pytest.fixture(scope="module")
def shipped() -> tuple[ModelEntry, Engine]:
    entry = load_entry(ROOT / "models", *resolve(ROOT / "models"))
    return entry, open_engine(entry, device="cpu")


def read(
    shipped: tuple[ModelEntry, Engine], series: Sequence[SeriesInput]
) -> list[Reading]:
    return [read_series(*shipped, one) for one in series]


def withheld(readings: Sequence[Reading]) -> float:
    return float(np.mean([reading.abstained for reading in readings]))


def test_a_head_is_not_answered_even_where_its_headers_say_chest(
    shipped: tuple[ModelEntry, Engine], pool: DecoderPool, tmp_path: Path
) -> None:
    files = dicom_files(HEAD)
    head = series_at(files[0].parent, pool)
    made = pictures_of(files[::14], tmp_path, pool)
    entry = shipped[0]

    lied = read_series(*shipped, lying(head))

    told = {one.code for one in objections(head.facts, entry.rules)}
    assert "other_body_part" in told
    assert {one.code for one in lied.objections} == {"unlike_training"}
    assert withheld(read(shipped, [series_at(path, pool) for path in made])) >= 0.95


def test_other_modalities_photographs_and_noise_are_not_answered(
    shipped: tuple[ModelEntry, Engine], pool: DecoderPool, tmp_path: Path
) -> None:
    others = [path for path in dicom_files("pydicom-data") if path.name in OTHERS]
    made = [
        *pictures_of(others, tmp_path, pool),
        *islice(photographs(tmp_path, mode="L"), 0, 100, 15),
        *islice(noises(tmp_path), 8),
    ]

    files = read(shipped, [series_at(path, pool) for path in others])
    pictures = read(shipped, [series_at(path, pool) for path in made])

    assert withheld(files) == 1.0
    assert withheld(pictures) >= 0.95


def test_its_own_kind_is_answered(
    shipped: tuple[ModelEntry, Engine], pool: DecoderPool
) -> None:
    readings = read(shipped, [series_at(path, pool) for path in validation()[::4]])

    assert len(readings) == 30
    assert withheld(readings) <= 0.10
