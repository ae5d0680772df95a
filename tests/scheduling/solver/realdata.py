"""The published rostering instances that tests marked `realdata` read."""

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[3].parent / "shared" / "data"
DATASETS_DIR = Path(os.environ.get("DATASETS_DIR", _DEFAULT))


def rostering_folder(name: str) -> Path:
    """Return a folder of instances; skips where the data is absent, outside CI only."""
    folder = DATASETS_DIR / "rostering" / name
    if not folder.is_dir():
        message = f"{folder} is absent; set DATASETS_DIR"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
