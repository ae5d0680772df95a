"""A worker is told to stop within a job, and another one started."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from hospital.core.supervisor.roles import Worker
from hospital.embedded.door import services
from hospital.jobs.models import Job
from hospital.jobs.services import enqueue
from tests.chaos.ordeal import make_tables, started_worker

LIMIT_S = 100.0
POOLS = {"solo": ("--pool=solo",), "threads": ("--pool=threads", "-c", "2")}


def stop_and_start() -> dict[str, Any]:
    """Return what became of a job under way, by the worker's kind of pool."""
    with services(durable=False):  # no server ends here
        make_tables()
        return {pool: stopped_and_started(pool) for pool in POOLS}


def stopped_and_started(pool: str) -> dict[str, Any]:
    folder = Path(settings.VAR.root)
    starts = folder / "starts"
    starts.unlink(missing_ok=True)
    job = enqueue(kind="chaos.write_a_row_slowly", key=pool, owner=None)
    first = started_worker(Worker("first", ("default",), POOLS[pool]), folder)
    wait_for(starts.exists)
    told = time.monotonic()
    first.terminate()
    first.wait()
    stopped_s = time.monotonic() - told
    after_stop = standing(job)
    second = started_worker(Worker("second", ("default",), POOLS[pool]), folder)
    wait_for(lambda: Job.objects.get(id=job.id).is_ended)
    second.kill()
    second.wait()
    return {
        "worker_stopped_s": round(stopped_s, 2),
        "after_stop": after_stop,
        "after_start": standing(job),
        "starts": len(starts.read_text().splitlines()),
    }


def standing(job: Job) -> dict[str, Any]:
    row = Job.objects.get(id=job.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chaos_effect WHERE job = %s", [job.id])
        effects = cursor.fetchone()[0]
    return {"state": row.state, "attempts": row.attempts, "effects": effects}


def wait_for(has_happened: Any) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not has_happened() and time.monotonic() < deadline:
        time.sleep(0.05)
