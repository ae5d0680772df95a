from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings


def storages_in(folder: Path) -> dict[str, Any]:
    """Return the settings of a file store of its own in a folder."""
    return {
        **django_settings.STORAGES,
        "default": {
            "BACKEND": "hospital.core.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": str(folder / "files")},
        },
    }


@pytest.fixture(autouse=True)
def file_store(tmp_path: Path, settings: LazySettings) -> None:
    """Give each test a file store of its own."""
    settings.STORAGES = storages_in(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Have the folder that WhiteNoise looks for, as `make` leaves it."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
