"""Real workers on real servers, killed while they work; then everything is counted."""

import os
import random
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from hospital.core.supervisor.roles import Worker, worker_command
from hospital.embedded.door import services
from hospital.jobs.models import ENDED_STATES, Job
from hospital.jobs.services import enqueue

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
LIMIT_S = 240.0
KILL_WITHIN_S = 0.4  # of a job's start: within its work or its commit


class Ordeal:
    """One run: what to do to whom, and what came of it."""

    def __init__(self, *, jobs: int, kills: int, outages: int, seed: int) -> None:
        self.jobs, self.kills, self.outages = jobs, kills, outages
        self.random = random.Random(seed)  # noqa: S311 (a dice, no secret)
        self.folder = Path(settings.VAR.root)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.killed = 0
        self.booted = 0
        self.outages_done: list[str] = []

    def run(self) -> dict[str, Any]:
        with services() as self.servers, ExitStack() as undo:
            make_tables()
            (self.folder / "starts").touch()
            undo.callback(self.stop_workers)
            began = time.monotonic()
            self.enqueue(range(self.jobs - self.outages))
            self.strike()
            self.wait_for_the_end()
            return {**self.figures(), "seconds": round(time.monotonic() - began, 1)}

    def enqueue(self, numbers: range) -> None:
        for number in numbers:
            enqueue(kind="chaos.write_a_row", key=str(number), owner=None)

    def strike(self) -> None:
        """Kill a worker soon after each n-th start of a job, servers in between."""
        every = max((self.jobs - 5) // self.kills, 1)
        outage_at = {
            (turn * 2 + half + 1) * self.kills // (self.outages * 2 + 1): name
            for turn in range(self.outages)
            for half, name in enumerate(("redis", "postgres"))
        }
        deadline = time.monotonic() + LIMIT_S
        next_kill = every
        while self.killed < self.kills and time.monotonic() < deadline:
            self.keep_workers()
            starts = self.starts()
            if len(starts) < next_kill:
                time.sleep(0.02)
                continue
            if not self.kill(starts[-1]):
                next_kill = len(starts) + 1
                continue
            next_kill = len(starts) + every
            if self.killed in outage_at:
                self.outage(outage_at.pop(self.killed))

    def kill(self, start: tuple[int, str]) -> bool:
        """Kill the worker that has just begun a job; False if it had ended before."""
        pid, job = start
        time.sleep(self.random.uniform(0.0, KILL_WITHIN_S))
        victim = next((one for one in self.workers if one.pid == pid), None)
        if victim is None or victim.poll() is not None:
            return False
        if Job.objects.get(id=job).state != "running":
            return False
        victim.kill()
        victim.wait()
        self.killed += 1
        return True

    def outage(self, name: str) -> None:
        """Take a server away without a word, or restart it, while jobs run."""
        server = next(one for one in self.servers.servers if one.name == name)
        if name == "redis":
            os.kill(server.process().pid, signal.SIGKILL)
            time.sleep(0.2)
            place = self.outages_done.count("redis")
            self.enqueue(range(self.jobs - self.outages + place, self.jobs)[:1])
        else:
            server.stop()
            connection.close()
        time.sleep(0.5)
        server.start()
        self.outages_done.append(name)

    def keep_workers(self) -> None:
        """Start a worker for each one that is gone, as the supervisor does."""
        self.workers = [one for one in self.workers if one.poll() is None]
        while len(self.workers) < WORKERS:
            self.booted += 1
            worker = Worker(f"chaos{self.booted}", queues=("default",))
            self.workers.append(started_worker(worker, self.folder))

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def wait_for_the_end(self) -> None:
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            self.keep_workers()
            if not Job.objects.filter(~Q(state__in=ENDED_STATES)).exists():
                return
            time.sleep(0.1)

    def starts(self) -> list[tuple[int, str]]:
        lines = (self.folder / "starts").read_text().splitlines()
        return [(int(pid), job) for pid, job in map(str.split, lines)]

    def figures(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), count(DISTINCT job) FROM chaos_effect")
            effects, jobs_with_effect = cursor.fetchone()
        states = list(Job.objects.values_list("state", flat=True))
        return {
            "jobs": len(states),
            "succeeded": states.count("succeeded"),
            "lost": len(states) - jobs_with_effect,
            "doubled": effects - jobs_with_effect,
            "starts": len(self.starts()),
            "worker_kills": self.killed,
            "redis_kills": self.outages_done.count("redis"),
            "postgres_restarts": self.outages_done.count("postgres"),
            "hints": sum(Job.objects.values_list("hints", flat=True)),
            "log_tail": (self.folder / "workers.log").read_text()[-2000:],
        }


def make_tables() -> None:
    """Make what a job and its owner need; every table takes many times as long."""
    for app in ("accounts", "jobs"):
        call_command("migrate", app, verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE chaos_effect (job uuid NOT NULL)")


def started_worker(worker: Worker, folder: Path) -> subprocess.Popen[bytes]:
    """Start a worker as the supervisor does, its log in the folder."""
    with (folder / "workers.log").open("ab") as log:
        return subprocess.Popen(
            worker_command(worker),
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
        )
