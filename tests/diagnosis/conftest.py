from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings

from tests.diagnosis.services.uploads import UploadFolder


@pytest.fixture
def uploads(tmp_path: Path) -> UploadFolder:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return UploadFolder(folder)


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


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Have the folder that WhiteNoise looks for, as `make` leaves it."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
