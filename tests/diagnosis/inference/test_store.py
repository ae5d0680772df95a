"""A damaged entry never starts."""

import hashlib
import shutil
from pathlib import Path

import pytest

from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.store import load_entry
from hospital.core.sealed import (
    StoreError,
    parse_reference,
    references,
    resolve,
    seal,
    write_entry,
)


@pytest.fixture
def store(sealed_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed_store, tmp_path / "models"))


def test_digest_is_that_of_the_sums(entry: ModelEntry) -> None:
    sums = (entry.folder / "SHA256SUMS").read_bytes()

    assert entry.digest == hashlib.sha256(sums).hexdigest()
    assert entry.reference == "tiny/1"
    assert entry.labels == ("COVID", "NonCOVID")
    assert entry.positive_index == 0
    codes = [rule.code for rule in entry.rules]
    assert codes[0] == "child"  # the rules of every model come first
    assert codes.index("small_field") < codes.index("wrong_modality")


def test_an_entry_of_before_may_say_a_least_number_of_slices(store: Path) -> None:
    folder = store / "tiny" / "1"
    config = (folder / "config.toml").read_text()
    old = config.replace("[aggregation]\n", "[aggregation]\nmin_slices = 1\n")
    (folder / "config.toml").write_text(old)
    seal(folder)

    assert load_entry(store, "tiny", "1").aggregation.max_slices == 64


def test_a_changed_byte_is_refused(store: Path) -> None:
    weights = store / "tiny" / "1" / "model.onnx"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)

    with pytest.raises(StoreError) as caught:
        load_entry(store, "tiny", "1")

    assert caught.value.code == "wrong_digest"
    assert "model.onnx" in caught.value.message


def test_a_missing_file_is_refused(store: Path) -> None:
    (store / "tiny" / "1" / "card.md").unlink()

    with pytest.raises(StoreError) as caught:
        load_entry(store, "tiny", "1")

    assert caught.value.code == "missing_file"


def test_a_file_that_nobody_sealed_is_refused(store: Path) -> None:
    (store / "tiny" / "1" / "extra.bin").write_bytes(b"x")

    with pytest.raises(StoreError) as caught:
        load_entry(store, "tiny", "1")

    assert caught.value.code == "unlisted_file"


def test_a_sealed_entry_that_contradicts_itself_is_refused(store: Path) -> None:
    folder = store / "tiny" / "1"
    config = folder / "config.toml"
    config.write_text(config.read_text().replace('"COVID"', '"Measles"', 1))
    seal(folder)

    with pytest.raises(StoreError) as caught:
        load_entry(store, "tiny", "1")

    assert caught.value.code == "invalid_entry"


@pytest.mark.parametrize("name", ["../etc", "a/../../b", "", ".", "Tiny", "a b"])
def test_a_name_never_becomes_a_path(store: Path, name: str) -> None:
    with pytest.raises(StoreError) as caught:
        load_entry(store, name, "1")

    assert caught.value.code == "invalid_name"


def test_an_unknown_model_names_those_there_are(store: Path) -> None:
    with pytest.raises(StoreError) as caught:
        load_entry(store, "tiny", "9")

    assert caught.value.code == "no_such_model"
    assert "tiny/1" in caught.value.message


def test_newest_version_counts_numbers_not_letters(store: Path) -> None:
    for version in ("2", "10"):
        shutil.copytree(store / "tiny" / "1", store / "tiny" / version)

    assert resolve(store, "tiny") == ("tiny", "10")
    assert resolve(store) == ("tiny", "10")
    assert resolve(store, "tiny/2") == ("tiny", "2")
    assert [version for _, version in references(store)] == ["1", "2", "10"]


def test_the_store_may_name_its_default(store: Path) -> None:
    shutil.copytree(store / "tiny", store / "other")
    (store / "default").write_text("tiny\n")

    assert resolve(store) == ("tiny", "1")


def test_an_empty_store_has_no_default(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        resolve(tmp_path)

    assert caught.value.code == "no_such_model"


def test_reference_is_name_and_version() -> None:
    assert parse_reference("ct-covid") == ("ct-covid", "")
    assert parse_reference("ct-covid/1") == ("ct-covid", "1")


def test_versions_never_change(store: Path) -> None:
    with pytest.raises(StoreError) as caught:
        write_entry(store, "tiny", "1", required=(), fill=lambda _: None)

    assert caught.value.code == "entry_exists"


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "card.md").write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_entry(tmp_path, "new", "1", required=(), fill=fill)

    assert list((tmp_path / "new").iterdir()) == []
