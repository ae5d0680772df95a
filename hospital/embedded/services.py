"""Who uses the embedded servers now: the first borrower starts, the last one stops.

A borrower holds a shared lock on a file; a process that dies, however it dies, gives
its lock back. So a killed command leaves servers behind for the next one to adopt.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from hospital.embedded.folder import make_rooms, prepare
from hospital.embedded.server import Server
from hospital.env import DataFolder


class Services(AbstractContextManager["Services"]):
    """The embedded servers of a data folder, borrowed for as long as the block runs."""

    def __init__(self, folder: DataFolder, servers: Sequence[Server]) -> None:
        self.folder = folder
        self.servers = servers
        self._lease: int | None = None

    def __enter__(self) -> Self:
        if not self.servers:
            make_rooms(self.folder)
        else:
            prepare(self.folder)
            with ExitStack() as undo:
                undo.push(self)
                self._start()
                undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lease is None:
            return
        with self._gate():
            if self._is_last():
                self.stop()
            os.close(self._lease)
            self._lease = None

    def stop(self) -> None:
        """Stop every server, whoever still uses it."""
        for server in reversed(self.servers):
            server.stop()

    @property
    def in_use(self) -> bool:
        """Return whether a living process borrows the servers."""
        with suppress(FileNotFoundError):
            users = os.open(self._path("users"), os.O_RDWR)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            finally:
                os.close(users)
        return False

    def _start(self) -> None:
        with self._gate():
            self._lease = os.open(self._path("users"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lease, fcntl.LOCK_SH)
            for server in self.servers:
                server.start()

    def _is_last(self) -> bool:
        """Return whether nobody else holds the lock; Linux converts ours to try."""
        if self._lease is None:
            return False
        try:
            fcntl.flock(self._lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """Let one process at a time start or stop servers."""
        gate = os.open(self._path("gate"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    def _path(self, name: str) -> Path:
        return self.folder.run / f"{name}.lock"
