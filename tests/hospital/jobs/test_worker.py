"""Real workers: what happens to a job when the platform stops and starts again."""

import json
import subprocess
import sys

import pytest

from hospital.env import BASE_DIR


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(300)
@pytest.mark.parametrize("pool", ["solo", "threads"])
def test_job_under_way_goes_on_after_the_next_start(pool: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--stop-and-start", pool],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=290,
    )

    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["after_stop"] == {"state": "queued", "attempts": 0, "effects": 0}
    assert seen["after_start"] == {"state": "succeeded", "attempts": 1, "effects": 1}
    assert seen["worker_stopped_s"] < 10
    assert seen["starts"] == 2
