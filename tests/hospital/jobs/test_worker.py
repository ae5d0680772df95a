"""Real workers: what happens to a job when the platform stops and starts again."""

import json
import subprocess
import sys
from typing import Any

import pytest

from hospital.env import BASE_DIR

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What became of a job under way in each kind of worker, on the same servers."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--stop-and-start"],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=290,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("pool", ["solo", "threads"])
def test_job_under_way_goes_on_after_the_next_start(
    pool: str, seen: dict[str, Any]
) -> None:
    job = seen[pool]

    assert job["after_stop"] == {"state": "queued", "attempts": 0, "effects": 0}
    assert job["after_start"] == {"state": "succeeded", "attempts": 1, "effects": 1}
    assert job["worker_stopped_s"] < 10
    assert job["starts"] == 2
