"""Whatever is killed: every job ends, and each leaves its effect exactly once."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.chaos.ordeal import ROOT


def endure(*arguments: str, limit_s: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=limit_s,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.timeout(600)  # half a minute on a quiet machine
def test_ten_workers_killed_and_both_servers_lost() -> None:
    seen = endure("--jobs", "50", "--kills", "10", limit_s=580)

    struck = (seen["worker_kills"], seen["redis_kills"], seen["postgres_restarts"])
    assert struck == (10, 1, 1)
    assert seen["starts"] > 50, seen
    assert (seen["jobs"], seen["succeeded"]) == (50, 50), seen
    assert (seen["lost"], seen["doubled"]) == (0, 0), seen


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_forty_workers_killed_and_the_servers_again_and_again() -> None:
    arguments = ("--jobs", "200", "--kills", "40", "--outages", "4", "--seed", "7")

    seen = endure(*arguments, limit_s=1700)

    assert (seen["worker_kills"], seen["redis_kills"]) == (40, 4)
    assert (seen["jobs"], seen["succeeded"]) == (200, 200), seen
    assert (seen["lost"], seen["doubled"]) == (0, 0), seen
