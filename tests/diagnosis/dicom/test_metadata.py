"""A file's attributes stay small, however many long texts it holds."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import MAX_METADATA_BYTES
from diagnosis.dicom.pool import DecoderPool
from tests.diagnosis.dicom.synthetic import ct_slice, saved


def long_texts(count: int) -> Dataset:
    dataset = ct_slice()
    block = dataset.private_block(0x0011, "TEST", create=True)
    for number in range(count):
        block.add_new(number, "UT", "x" * (10_000 + number))
    return dataset


def test_many_long_texts_are_left_out_largest_first(
    pool: DecoderPool, tmp_path: Path
) -> None:
    path = tmp_path / "a.dcm"
    saved(long_texts(200), path, syntax=DeflatedExplicitVRLittleEndian)

    facts = pool.read(path)

    assert path.stat().st_size < 50_000
    assert len(facts.attributes_json) > MAX_METADATA_BYTES - 20_000
    assert len(facts.attributes_json) <= MAX_METADATA_BYTES
    assert facts.attributes["00100020"]["Value"] == ["P-1"]
    assert len(facts.attributes["00111000"]["Value"][0]) == 10_000
    assert "001110C7" not in facts.attributes


def test_needed_attributes_over_the_limit_are_refused(
    pool: DecoderPool, tmp_path: Path
) -> None:
    dataset = ct_slice(ImageType=["A" * 16] * 100_000)
    path = tmp_path / "a.dcm"
    saved(dataset, path, syntax="1.2.840.10008.1.2")

    with pytest.raises(DicomRefused) as caught:
        pool.read(path)

    assert caught.value.code == "too_large"
