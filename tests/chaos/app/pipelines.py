import os
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from hospital.jobs.run import JobRun

WORK_S = 0.3
COMMIT_S = 0.1  # within the transaction, so that some kills fall there


def write_a_row(run: JobRun) -> None:
    """Tell that the work began, work a while, and leave one row behind."""
    tell_start(run)
    for turn in range(3):
        run.progress(turn / 3, "Working")
        time.sleep(WORK_S / 3)
    with run.finish({"pid": os.getpid()}), connection.cursor() as cursor:
        cursor.execute("INSERT INTO chaos_effect (job) VALUES (%s)", [run.job.id])
        time.sleep(COMMIT_S)


def write_a_row_slowly(run: JobRun) -> None:
    """Work for three seconds, and then as above."""
    for turn in range(30):
        if turn == 3:
            tell_start(run)
        run.progress(turn / 30, "Working")
        time.sleep(0.1)
    with run.finish({"pid": os.getpid()}), connection.cursor() as cursor:
        cursor.execute("INSERT INTO chaos_effect (job) VALUES (%s)", [run.job.id])


def tell_start(run: JobRun) -> None:
    starts = Path(settings.VAR.root) / "starts"
    with starts.open("a") as file:  # one short line: appended whole
        file.write(f"{os.getpid()} {run.job.id}\n")
