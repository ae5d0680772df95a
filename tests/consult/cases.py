"""The cases written for this room, and the public sets that `realdata` tests read."""

import json
import os
from pathlib import Path

import pytest

from consult.dialogue import Outcome, read_request, take_turn

DATASETS_DIR = Path(
    os.environ.get(
        "DATASETS_DIR", Path(__file__).resolve().parents[2].parent / "shared" / "data"
    )
)
DATA = Path(__file__).with_name("data")


def cases(name: str) -> list[dict[str, str]]:
    """Return the rows of one of our own sets."""
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def public_rows(*names: str) -> list[dict[str, object]]:
    """Return the rows of public files; skips where they are absent, outside CI only."""
    paths = [DATASETS_DIR / "consult" / name for name in names]
    absent = [path for path in paths if not path.is_file()]
    if absent:
        message = f"{absent[0]} is absent; set DATASETS_DIR"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def said(*turns: str, **known: object) -> Outcome:
    """Return what these turns of one person come to."""
    return take_turn(read_request({"turns": list(turns), **known}))
