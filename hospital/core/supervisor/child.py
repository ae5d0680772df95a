"""One process kept alive: started, watched, started again, stopped with its children."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from hospital.core.supervisor import launch
from hospital.core.supervisor.log import Log
from hospital.core.supervisor.roles import Role
from hospital.embedded import processes
from hospital.env import BASE_DIR

LAUNCH = (sys.executable, "-IS", str(Path(launch.__file__)))
STOP_PATIENCE_S = 4.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
HEALTHY_AFTER_S = 30.0
LEFTOVER_STEPS = ((signal.SIGTERM, STOP_PATIENCE_S), (signal.SIGKILL, 2.0))


class Child:
    """A role's process.

    Args:
        role: What to run.
        log: Where its lines go.
        records: The folder that remembers it, should the supervisor be killed.
        sockets: Open sockets that the process inherits.
    """

    def __init__(
        self, role: Role, *, log: Log, records: Path, sockets: Sequence[int] = ()
    ) -> None:
        self.role = role
        self._log = log
        self._record = records / f"{role.name}.json"
        self._sockets = sockets

    async def keep(self, stopping: asyncio.Event) -> None:
        """Run the role until told to stop, waiting longer after each quick end."""
        clock = asyncio.get_running_loop().time
        wait_s = FIRST_WAIT_S
        while not stopping.is_set():
            began = clock()
            status = await self.run(stopping)
            if stopping.is_set():
                return
            if clock() - began > HEALTHY_AFTER_S:
                wait_s = FIRST_WAIT_S
            self._say(f"ended {in_words(status)}; starts again in {wait_s:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    async def run(self, stopping: asyncio.Event) -> int:
        """Run the role once and return its exit status; stop it when told to."""
        process = await self._start()
        copying = asyncio.create_task(self._copy(process))
        ended = asyncio.create_task(process.wait())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if not ended.done():
            process.terminate()
            await asyncio.wait({ended}, timeout=STOP_PATIENCE_S)
            if not ended.done():
                self._say(f"does not stop within {STOP_PATIENCE_S:g} s; is killed")
        signal_group(process.pid, signal.SIGKILL)  # its children too, however it ended
        status = await ended
        self._record.unlink(missing_ok=True)
        await asyncio.wait({copying}, timeout=1)
        copying.cancel()
        return status

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(*LAUNCH, str(os.getpid()), *self.role.command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=BASE_DIR,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            start_new_session=True,  # a group of its own, and no Ctrl-C but ours
            pass_fds=self._sockets,
        )
        remember(self._record, process.pid)
        return process

    async def _copy(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is not None:
            await self._log.copy(self.role.name, process.stdout)

    def _say(self, line: str) -> None:
        self._log.say("up", f"{self.role.name} {line}")


def remember(record: Path, pid: int) -> None:
    process = processes.find(pid)
    if process is not None:
        record.parent.mkdir(mode=0o700, exist_ok=True)
        record.write_text(json.dumps({"pid": process.pid, "started": process.started}))


def stop_leftovers(records: Path) -> list[str]:
    """Stop what a killed supervisor left, and return the names of what still ran."""
    names = []
    for record in sorted(records.glob("*.json")):
        members = left_by(record)
        if members:
            names.append(record.stem)
            processes.end(members, steps=LEFTOVER_STEPS)
        record.unlink()
    return names


def left_by(record: Path) -> list[processes.Process]:
    """Return the living members of the recorded group, if it is still the same one."""
    try:
        recorded = processes.Process(**json.loads(record.read_text()))
    except (ValueError, TypeError):  # cut short while it was written
        return []
    leader = processes.find(recorded.pid)
    if leader is not None and leader != recorded:
        return []  # the number belongs to a stranger by now
    return processes.group(recorded.pid)


def signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def in_words(status: int) -> str:
    if status < 0:
        return f"by {signal.Signals(-status).name}"
    return f"with status {status}"
