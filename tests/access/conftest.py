from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings


@pytest.fixture(autouse=True)
def file_store(tmp_path: Path, settings: LazySettings) -> None:
    """Give each test a file store of its own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "hospital.core.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Have the folder that WhiteNoise looks for, as `make` leaves it."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
