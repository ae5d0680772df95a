"""The running platform takes every hostile file: no process ends, no job is stuck."""

import time
from pathlib import Path

import pytest
import requests

from hospital.core.supervisor.roles import WORKERS
from tests.diagnosis.realdata import dicom_files
from tests.running import RunningPlatform

JOBS_END_WITHIN_S = 400
ENDED = {"succeeded", "failed", "cancelled"}


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_process_ends_and_no_job_is_stuck(platform: RunningPlatform) -> None:
    before = all_processes(platform)
    statuses: set[int] = set()
    jobs: set[str] = set()

    with requests.Session() as session:
        session.trust_env = False
        session.headers.update(platform.headers())
        for path in [*dicom_files("hostile"), *dicom_files("malformed")]:
            with path.open("rb") as file:
                answer = session.post(
                    f"{platform.url}/api/v1/studies/", files={"files": file}
                )
            statuses.add(answer.status_code)
            jobs |= {answer.json()["job"]} if answer.status_code == 202 else set()
        states = ends_of(session, platform.url, jobs)

    assert statuses == {202, 422}
    assert states <= ENDED
    assert processes(platform) == before


def ends_of(session: requests.Session, url: str, jobs: set[str]) -> set[str]:
    """Return in which states the jobs are once all have ended, or time is up."""
    deadline = time.monotonic() + JOBS_END_WITHIN_S
    states: dict[str, str] = dict.fromkeys(jobs, "")
    while not set(states.values()) <= ENDED and time.monotonic() < deadline:
        time.sleep(0.5)
        for job in [job for job, state in states.items() if state not in ENDED]:
            states[job] = session.get(f"{url}/api/v1/jobs/{job}/").json()["state"]
    return set(states.values())


def all_processes(platform: RunningPlatform) -> set[str]:
    """Return the children once every one is itself: workers begin after the web."""
    kinds = [*(f" -Q {worker.name} " for worker in WORKERS), " beat "]
    deadline = time.monotonic() + JOBS_END_WITHIN_S
    while time.monotonic() < deadline:
        found = processes(platform)
        is_whole = all(any(kind in command for command in found) for kind in kinds)
        if is_whole and not any("launch.py" in command for command in found):
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def processes(platform: RunningPlatform) -> set[str]:
    """Return the supervisor's own children: web, workers, beat, as pid and command."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            command = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if parent == str(platform.process.pid):
            found.add(f"{entry.name} {command}")
    return found
