"""The processes of a running platform and their command lines, in one table."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hospital.env import BASE_DIR

MANAGE = (sys.executable, str(BASE_DIR / "manage.py"))
QUIET = ("-W", "ignore::UserWarning:celery.platforms")  # root in a container is meant
CELERY = (sys.executable, *QUIET, "-m", "celery", "--quiet", "--app", "hospital.celery")
GRACE_S = 2  # an open event stream would otherwise keep the web process for ever


@dataclass(frozen=True, slots=True)
class Role:
    """One process to keep: its name in the log, and its command line."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker process and the queues that it serves, the first one first."""

    name: str
    queues: tuple[str, ...]
    options: tuple[str, ...] = ("--pool=solo",)


# A GPU computes what several studies ask together; a CPU gains nothing by it.
ON_GPU = ("--pool=threads", "-c", "4")
READING = ON_GPU if Path("/dev/nvidiactl").exists() else ("--pool=solo",)
WORKERS = (
    Worker("stat", queues=("stat",)),
    Worker("inference", queues=("inference",), options=READING),
    # One search at a time: it uses SOLVER_WORKERS cores by itself.
    Worker("solver", queues=("solver",)),
    # Somebody waits for each answer; the threads only wait for their children.
    Worker("questions", queues=("questions",), options=("--pool=threads", "-c", "2")),
    # One process, which holds the library's index and the language models; threads,
    # since half of an answer's time goes into waiting for the database.
    Worker("language", queues=("language",), options=("--pool=threads", "-c", "3")),
    # Threads: some of its jobs only wait for others.
    Worker("default", queues=("default",), options=("--pool=threads", "-c", "4")),
)


def roles(*, web_socket: int) -> list[Role]:
    """Return every process to keep; the web's port is open already, as this number."""
    workers = [Role(worker.name, worker_command(worker)) for worker in WORKERS]
    return [
        Role("web", web_command(web_socket)),
        *workers,
        Role("beat", beat_command()),
    ]


def web_command(web_socket: int) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "uvicorn", "hospital.asgi:application"),
        *("--fd", str(web_socket)),
        *("--timeout-graceful-shutdown", str(GRACE_S)),
        *("--log-level", "warning", "--no-access-log", "--no-server-header"),
    )


def worker_command(worker: Worker) -> tuple[str, ...]:
    return (
        *(*CELERY, "worker"),
        *("-Q", ",".join(worker.queues)),
        *("--hostname", f"{worker.name}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--loglevel", "INFO"),
        *worker.options,
    )


def beat_command() -> tuple[str, ...]:
    return (*CELERY, "beat", "--pidfile=", "--loglevel", "WARNING")


def step(*arguments: str) -> Role:
    """Return a command that runs to its end before the processes start."""
    return Role(arguments[0], (*MANAGE, *arguments))


def steps(
    *, collect: bool, migrate: bool, apps: Sequence[str], demo: bool
) -> Sequence[Role]:
    """Return the commands that this start needs before anything answers."""
    table = (
        (collect, step("collectstatic", "--no-input", "--verbosity=0")),
        (migrate, step("migrate", "--no-input", "--verbosity=0")),
        *((True, step(command)) for command in apps),
        (demo, step("load_demo")),
    )
    return [role for needed, role in table if needed]
