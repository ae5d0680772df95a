"""The real platform, started as a person starts it, for tests and benchmarks."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATASETS_DIR = Path(os.environ.get("DATASETS_DIR", ROOT.parent / "shared" / "data"))
START_SECONDS = 300
STOP_SECONDS = 15


@dataclass(frozen=True, slots=True)
class RunningPlatform:
    """A platform that answers, with its demo accounts.

    Attributes:
        url: Such as `http://localhost:40123`.
        folder: Its data folder.
        demo: What it wrote into `demo.json`.
        process: The supervisor.
        log: Its lines so far.
    """

    url: str
    folder: Path
    demo: dict[str, Any]  # Any: JSON as CONTRACTS 0 describes it
    process: subprocess.Popen[str]
    log: list[str]

    def token(self, person: str = "integrator") -> str:
        """Return the API token of a demo person, by default the integrator's."""
        if person == "integrator":
            return str(self.demo["api_token"])
        return str(self.demo["users"][person]["api_token"])

    def headers(self, person: str = "integrator") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(person)}"}

    def manage(self, *arguments: str) -> None:
        """Run a command of `manage.py` beside the platform; it must end well."""
        port = urlsplit(self.url).port or 0
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=_environment(self.folder, port, {}),
            check=True,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_platform(**environment: str) -> Iterator[RunningPlatform]:
    """Start `manage.py up --demo` in a new data folder; stop it and clean up after."""
    folder = Path(tempfile.mkdtemp(prefix="anji-up-"))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--demo"],
        cwd=ROOT,
        env=_environment(folder, port, environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    log: list[str] = []
    ready = threading.Event()
    threading.Thread(target=_read_log, args=(process, log, ready), daemon=True).start()
    try:
        if not ready.wait(START_SECONDS):
            message = "The platform did not become ready:\n" + "".join(log[-60:])
            raise RuntimeError(message)
        demo = json.loads((folder / "demo.json").read_text())
        yield RunningPlatform(f"http://localhost:{port}", folder, demo, process, log)
    finally:
        _stop(process)
        if process.stdout:
            process.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, port: int, extra: dict[str, str]) -> dict[str, str]:
    """Return this process's environment without the test run's own services."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"ANJI_TEST_VAR", "DJANGO_SETTINGS_MODULE"}
    }
    return {**kept, "ANJI_VAR": str(folder), "PORT": str(port), **extra}


def _read_log(
    process: subprocess.Popen[str], log: list[str], ready: threading.Event
) -> None:
    for line in process.stdout or []:
        log.append(line)
        if line.startswith("ready: "):
            ready.set()


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
