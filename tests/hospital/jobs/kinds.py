"""Pipelines for tests, each of them one way that long work can go."""

import threading
import time

from django.db import OperationalError

from hospital.jobs.models import Job
from hospital.jobs.run import JobFailed, JobRetry, JobRun
from tests.rows import make_department

entered = threading.Event()


def succeed(run: JobRun) -> dict[str, object]:
    run.progress(0.5, "Half")
    return {"answer": 42}


def change_a_row(run: JobRun) -> None:
    make_department("made-by-a-job")


def finish_itself(run: JobRun) -> None:
    run.step("Reading")
    run.step("Writing")
    with run.finish({"answer": 43}):
        pass


def fail_in_words(run: JobRun) -> None:
    raise JobFailed("No pixels.", code="no_pixels")


def ask_again(run: JobRun) -> None:
    raise JobRetry("The scanner is busy.", delay_s=60)


def have_a_mistake(run: JobRun) -> None:
    raise ValueError("Li Ning")


def run_out_of_memory(run: JobRun) -> None:
    raise MemoryError


def lose_the_database(run: JobRun) -> None:
    raise OperationalError("gone")


def fail_within_finish(run: JobRun) -> None:
    with run.finish({"answer": 44}):
        raise JobFailed("Late.", code="late")


def wait_to_be_stopped(run: JobRun) -> None:
    entered.set()
    for _turn in range(400):
        time.sleep(0.05)
        run.check()


def never_look_up(run: JobRun) -> dict[str, object]:
    entered.set()
    time.sleep(3)
    return {"answer": 45}


def never_end(run: JobRun) -> None:
    time.sleep(600)


def told(job: Job) -> None:
    """Leave a trace of a job that failed for good."""
    make_department(f"told-{job.error_code}")


def fail_to_tell(job: Job) -> None:
    raise OperationalError("gone")


def never_tell(job: Job) -> None:
    time.sleep(600)
