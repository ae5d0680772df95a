"""The reference data sets that tests marked `realdata` read."""

import os
from pathlib import Path

import pytest

DATASETS_DIR = Path(
    os.environ.get(
        "DATASETS_DIR", Path(__file__).resolve().parents[2].parent / "shared" / "data"
    )
)


def dicom_files(folder: str) -> list[Path]:
    """Return a folder's files; skips where the data is absent, outside CI only."""
    root = DATASETS_DIR / "dicom" / folder
    if not root.is_dir():
        message = f"{root} is absent; set DATASETS_DIR"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    skipped = ("LICENSE", "README")
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(skipped)
    )
