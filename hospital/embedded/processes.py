"""Processes named without mistake: a number alone may belong to another one by now."""

import contextlib
import os
import signal
import socket
import struct
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

START_TIME_FIELD = 21  # proc(5): field 22 of /proc/PID/stat, counted from 0
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Process:
    """One process and no other: its number with the moment it started."""

    pid: int
    started: int  # clock ticks since the machine started

    @property
    def is_alive(self) -> bool:
        return find(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def find(pid: int) -> Process | None:
    """Return the process that has this number now, None for nobody or a zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()  # the name before may hold anything
    if fields[0] in "ZX":
        return None
    return Process(pid=pid, started=int(fields[START_TIME_FIELD - 2]))


def listener(path: Path) -> Process | None:
    """Return the process that listens on a unix socket, None where nobody does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
        except OSError:
            return None
        size = struct.calcsize("3i")
        credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    return find(struct.unpack("3i", credentials)[0])


def running() -> Iterable[int]:
    """Return the number of every process that can be seen."""
    return (
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    )


def working_in(folder: Path) -> list[Process]:
    """Return the processes whose working directory is the folder."""
    found = []
    for pid in running():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cwd").readlink() == folder:
                found.append(find(pid))
    return [process for process in found if process]


def group(leader: int) -> list[Process]:
    """Return the living members of a process group."""
    found = []
    for pid in running():
        with contextlib.suppress(OSError):
            if os.getpgid(pid) == leader:
                found.append(find(pid))
    return [process for process in found if process]


def wait_for_end(processes: Sequence[Process], *, limit_s: float) -> bool:
    """Return whether all of them ended within the limit."""
    deadline = time.monotonic() + limit_s
    while any(process.is_alive for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def end(
    processes: Sequence[Process], *, steps: Sequence[tuple[signal.Signals, float]]
) -> bool:
    """Send each step's signal until all ended, and return whether they did."""
    for number, patience_s in steps:
        for process in processes:
            process.send(number)
        if wait_for_end(processes, limit_s=patience_s):
            return True
    return False
