import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings

from diagnosis.dicom.pool import DecoderPool
from tests.diagnosis.services.uploads import UploadFolder


@pytest.fixture
def uploads(tmp_path: Path) -> UploadFolder:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return UploadFolder(folder)


@pytest.fixture(scope="session")
def pool() -> Iterator[DecoderPool]:
    """Decode in one child, for all tests of a process."""
    pool = DecoderPool(size=1)
    yield pool
    pool.close()


@pytest.fixture(autouse=True)
def file_store(tmp_path: Path, settings: LazySettings) -> Path:
    """Give each test a file store and an upload folder of its own."""
    store = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "staging")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "hospital.core.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": str(store)},
        },
    }
    return store


@pytest.fixture(scope="session")
def two_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model store with tiny/1, its default, and tiny/2; both untrained."""
    from tests.diagnosis.inference.entries import (  # noqa: PLC0415 (loads torch)
        CALIBRATION,
        write_tiny_entry,
    )

    root = tmp_path_factory.mktemp("models")
    write_tiny_entry(root)
    write_tiny_entry(root, version="2", calibration=CALIBRATION.replace("2.0", "3.0"))
    (root / "tiny" / "gate.toml").write_text("")  # a gate that asks for nothing
    (root / "default").write_text("tiny/1")
    return root


@pytest.fixture
def model_store(two_models: Path, tmp_path: Path, settings: LazySettings) -> Path:
    """A copy of the two models that a test may damage."""
    settings.MODEL_STORE = Path(shutil.copytree(two_models, tmp_path / "models"))
    return settings.MODEL_STORE


@pytest.fixture
def seeing_model(model_store: Path) -> str:
    """Put a version into the store that knows what its images look like: noise."""
    from tests.diagnosis.inference.entries import (  # noqa: PLC0415 (loads torch)
        write_seeing_entry,
    )

    write_seeing_entry(model_store, version="seeing")
    return "seeing"


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Have the folder that WhiteNoise looks for, as `make` leaves it."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
