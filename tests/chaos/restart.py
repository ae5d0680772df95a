"""One worker is told to stop within a job, and another one started."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from hospital.core.supervisor.roles import Worker
from hospital.embedded.door import services
from hospital.jobs.models import Job
from hospital.jobs.services import enqueue
from tests.chaos.ordeal import started_worker

LIMIT_S = 100.0


def stop_and_start(pool: str) -> dict[str, Any]:
    options = ("--pool=threads", "-c", "2") if pool == "threads" else ("--pool=solo",)
    folder = Path(settings.VAR.root)
    with services():
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE chaos_effect (job uuid NOT NULL)")
        job = enqueue(kind="chaos.write_a_row_slowly", key="1", owner=None)
        first = started_worker(Worker("first", ("default",), options), folder)
        wait_for((folder / "starts").exists)
        told = time.monotonic()
        first.terminate()
        first.wait()
        stopped_s = time.monotonic() - told
        after_stop = standing(job)
        second = started_worker(Worker("second", ("default",), options), folder)
        wait_for(lambda: Job.objects.get(id=job.id).is_ended)
        second.kill()
        second.wait()
        return {
            "worker_stopped_s": round(stopped_s, 2),
            "after_stop": after_stop,
            "after_start": standing(job),
            "starts": len((folder / "starts").read_text().splitlines()),
        }


def standing(job: Job) -> dict[str, Any]:
    row = Job.objects.get(id=job.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chaos_effect")
        effects = cursor.fetchone()[0]
    return {"state": row.state, "attempts": row.attempts, "effects": effects}


def wait_for(has_happened: Any) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not has_happened() and time.monotonic() < deadline:
        time.sleep(0.05)
