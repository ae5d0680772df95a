"""One tiny entry for all tests of this folder."""

from pathlib import Path

import pytest

from diagnosis.inference.engines import Engine, open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.store import load_entry
from tests.diagnosis.inference.entries import write_tiny_entry


@pytest.fixture(scope="session")
def sealed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    write_tiny_entry(root)
    return root


@pytest.fixture(scope="session")
def entry(sealed_store: Path) -> ModelEntry:
    return load_entry(sealed_store, "tiny", "1")


@pytest.fixture(scope="session")
def engine(entry: ModelEntry) -> Engine:
    return open_engine(entry, device="cpu")
