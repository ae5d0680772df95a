"""The shared data that benchmarks read, or what is absent and where it should lie."""

from pathlib import Path

from tests.running import DATASETS_DIR


class AbsentDataError(Exception):
    """A benchmark's data is not on this machine."""


def needed(place: str) -> Path:
    """Return a file or folder of the shared data.

    Raises:
        AbsentDataError: It is not there.
    """
    path = DATASETS_DIR / place
    if not path.exists():
        message = f"{path} is absent: name the folder of the shared data, DATASETS_DIR"
        raise AbsentDataError(message)
    return path
