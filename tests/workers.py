"""A real worker for questions, started as the supervisor starts it."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from hospital.celery import app
from hospital.core.supervisor.roles import WORKERS, worker_command
from hospital.env import BASE_DIR
from hospital.jobs.questions import QUEUE

HOST = socket.gethostname()
READY_S = 60.0  # on a busy machine


@contextmanager
def question_worker(queue: str = QUEUE) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a worker, wait until it listens, and kill it at the end.

    One that a test kills or looks into needs a queue of its own: what lies in the common
    one may go to any worker of the session.
    """
    known = next(worker for worker in WORKERS if worker.name == "questions")
    role = replace(known, name=queue, queues=(queue,))
    process = subprocess.Popen(
        worker_command(role),
        cwd=BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + READY_S
        while not app.control.ping([f"{queue}@{HOST}"], timeout=0.2):
            assert process.poll() is None, "The worker does not start."
            assert time.monotonic() < deadline, "The worker does not answer."
        yield process
    finally:
        process.kill()
        process.wait()
