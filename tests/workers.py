"""A real worker for questions, started as the supervisor starts it."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hospital.celery import app
from hospital.core.supervisor.roles import WORKERS, worker_command
from hospital.env import BASE_DIR

READY_S = 60.0  # on a busy machine


@contextmanager
def question_worker() -> Iterator["subprocess.Popen[bytes]"]:
    """Start a worker, wait until it listens, and kill it at the end."""
    role = next(worker for worker in WORKERS if worker.name == "questions")
    process = subprocess.Popen(
        worker_command(role),
        cwd=BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + READY_S
        while not app.control.ping(timeout=0.2):
            assert process.poll() is None, "The worker does not start."
            assert time.monotonic() < deadline, "The worker does not answer."
        yield process
    finally:
        process.kill()
        process.wait()
