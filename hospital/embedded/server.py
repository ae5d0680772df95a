"""What the embedded servers have in common: adopt or start, wait, watch, stop."""

import os
import pwd
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from hospital.embedded import processes
from hospital.embedded.errors import EmbeddedError
from hospital.embedded.folder import prepare
from hospital.embedded.processes import Process
from hospital.env import DataFolder

START_LIMIT_S = 60.0
LAUNCHES = 3
LOG_LIMIT_BYTES = 10_000_000
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class Identity(TypedDict, total=False):
    """Whom a child process runs as, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


class Server(ABC):
    """One server process of the data folder, whoever started it."""

    name: str
    title: str
    stop_steps: Sequence[tuple[signal.Signals, float]]

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder.root / "log" / f"{self.name}.log"

    @property
    @abstractmethod
    def socket(self) -> Path: ...

    @abstractmethod
    def _prepare(self) -> None:
        """Make what the server needs before it is launched."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _is_ready(self) -> bool: ...

    def _owner(self) -> pwd.struct_passwd | None:
        """Return the system user to run as, None for oneself."""
        return None

    def process(self) -> Process | None:
        """Return the server's process, also one that another process started."""
        if self._child is not None and self._child.poll() is None:
            return processes.find(self._child.pid)
        return processes.listener(self.socket)

    def start(self) -> None:
        """Adopt the running server or launch one, and return when it answers."""
        prepare(self.folder)
        deadline = time.monotonic() + START_LIMIT_S
        launches = 0
        while time.monotonic() < deadline:
            if self.process() is None:
                self._refuse_after(launches)
                self._prepare()
                self._launch()
                launches += 1
            elif self._is_ready():
                return
            time.sleep(0.05)
        message = f"{self.title} did not answer within {START_LIMIT_S:.0f} s; {self.log} says why."
        raise EmbeddedError(message)

    def stop(self) -> None:
        """Stop the server, kindly first; return when it is gone."""
        process = self.process()
        if process is not None and not processes.end([process], steps=self.stop_steps):
            message = f"{self.title} (process {process.pid}) does not stop."
            raise EmbeddedError(message)
        self._reap()

    def _reap(self) -> None:
        if self._child is not None:
            self._child.wait()
            self._child = None

    def _refuse_after(self, launches: int) -> None:
        if launches >= LAUNCHES:
            lines = self.log.read_text(errors="replace").splitlines()[-1:]
            message = f"{self.title} does not start: {''.join(lines)} ({self.log})"
            raise EmbeddedError(message)
        if launches:
            time.sleep(launches)

    def _launch(self) -> None:
        self._reap()
        too_long = self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES
        with self.log.open("wb" if too_long else "ab") as log:
            self._child = subprocess.Popen(  # noqa: S603 (our own command line)
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.socket.parent,
                env=ENVIRONMENT,
                start_new_session=True,  # a terminal's Ctrl-C is not for the server
                **self._as_owner(),
            )

    def _as_owner(self) -> Identity:
        owner = self._owner()
        if owner is None:
            return {}
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
