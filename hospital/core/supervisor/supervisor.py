"""The platform's processes under one roof."""

import asyncio
import fcntl
import http.client
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils.module_loading import import_string

from hospital.core.health import tables_are_current
from hospital.core.registry import registry
from hospital.core.supervisor.child import Child, stop_leftovers
from hospital.core.supervisor.log import Log
from hospital.core.supervisor.roles import Role, roles, steps
from hospital.embedded import EmbeddedError, Services
from hospital.env import DataFolder

LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not bound)
WATCH_S = 1.0
ASK_S = 0.1
SILENT_S = 20.0
WORKERS_WAIT_S = 20.0


FIRST_ADMINISTRATOR = (
    "Make the first administrator and open the link that it prints: "
    ".venv/bin/python manage.py invite NAME --role administrator"
)


class SupervisorError(Exception):
    """The platform cannot start, in a sentence that says how to mend it."""


class Supervisor:
    """Starts everything, keeps it running, and stops it when told to.

    Args:
        folder: The data folder; one supervisor at a time holds it.
        services: The embedded servers, none where their URLs are configured.
        host: The address to bind.
        port: The port to bind.
        demo: Whether to load the demo data before the web process starts.
    """

    def __init__(
        self,
        *,
        folder: DataFolder,
        services: Services,
        host: str,
        port: int,
        demo: bool,
    ) -> None:
        self._folder = folder
        self._services = services
        self._host = host
        self._port = port
        self._demo = demo
        self._log = Log()
        self._stopping = asyncio.Event()
        self._answered = asyncio.Event()

    @property
    def _records(self) -> Path:
        return self._folder.run / "processes"

    def run(self) -> None:
        """Run until SIGTERM or SIGINT, and return when every process is gone."""
        self._folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as held:
            held.enter_context(lock(self._folder.run / "up.lock"))
            for name in stop_leftovers(self._records):
                self._say(f"stopped {name}, left by a supervisor that was killed")
            web_socket = held.enter_context(open_port(self._host, self._port))
            held.callback(self._services.stop)
            held.enter_context(self._services)
            asyncio.run(self._supervise(web_socket))
        self._say("stopped")

    async def _supervise(self, web_socket: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop)
        servers = self._services.servers
        watching = [self._log.follow(server.name, server.log) for server in servers]
        helpers = [loop.create_task(work) for work in (*watching, self._watch())]
        try:
            await self._take_steps()
            helpers.append(loop.create_task(self._announce()))
            await self._keep(roles(web_socket=web_socket.fileno()), web_socket)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _take_steps(self) -> None:
        current = await asyncio.to_thread(in_thread, tables_are_current)
        collect = not (settings.STATIC_ROOT / "staticfiles.json").exists()
        apps = [
            step.command
            for step in registry.start_steps
            if not current
            or not await asyncio.to_thread(in_thread, import_string(step.is_done))
        ]
        for role in steps(
            collect=collect, migrate=not current, apps=apps, demo=self._demo
        ):
            if self._stopping.is_set():
                return
            self._say(role.name)
            status = await self._child(role).run(self._stopping)
            if status and not self._stopping.is_set():
                message = f"`manage.py {role.name}` failed; its lines above say why."
                raise SupervisorError(message)

    async def _keep(self, table: Sequence[Role], web_socket: socket.socket) -> None:
        sockets = {"web": [web_socket.fileno()]}
        children = [self._child(role, sockets.get(role.name, [])) for role in table]
        await together([self._keep_child(child) for child in children], self._stop)

    async def _keep_child(self, child: Child) -> None:
        """Keep it up; the web process comes first, so that a person waits least."""
        if child.role.name != "web":
            await first_of(self._answered, self._stopping, limit_s=WORKERS_WAIT_S)
        await child.keep(self._stopping)

    async def _watch(self) -> None:
        """Start an embedded server again when it is gone."""
        wait_s = WATCH_S
        while True:
            await asyncio.sleep(wait_s)
            for server in self._services.servers:
                if self._stopping.is_set() or server.process() is not None:
                    continue
                self._say(f"{server.name} is gone; starts again")
                try:
                    await asyncio.to_thread(server.start)
                except EmbeddedError as error:
                    self._say(str(error))

    async def _announce(self) -> None:
        """Say once where the platform answers."""
        loop = asyncio.get_running_loop()
        complain_at = loop.time() + SILENT_S
        while (answer := await asyncio.to_thread(self._ask)) != "":
            if loop.time() > complain_at:
                self._say(f"web is not ready yet: {answer}")
                complain_at = loop.time() + SILENT_S
            await asyncio.sleep(ASK_S)
        self._answered.set()
        print(f"ready: http://localhost:{self._port}", flush=True)  # noqa: T201 (the contract)
        if not await asyncio.to_thread(in_thread, has_administrator):
            self._say(f"Nobody can sign in yet. {FIRST_ADMINISTRATOR}")

    def _ask(self) -> str:
        """Return nothing when the web process is ready, else what it says."""
        host = LOOPBACK if self._host in EVERYWHERE else self._host
        client = http.client.HTTPConnection(host, self._port, timeout=5)
        try:
            client.request("GET", "/readyz", headers={"Host": "localhost"})
            response = client.getresponse()
            text = response.read(1000).decode(errors="replace")
            return "" if response.status == http.client.OK else text
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            client.close()

    def _child(self, role: Role, sockets: Sequence[int] = ()) -> Child:
        return Child(role, log=self._log, records=self._records, sockets=sockets)

    def _stop(self) -> None:
        if not self._stopping.is_set():
            self._say("stops")
            self._stopping.set()

    def _say(self, line: str) -> None:
        self._log.say("up", line)


def has_administrator() -> bool:
    people = get_user_model().objects
    return people.filter(role="administrator", is_active=True).exists()


def in_thread(ask: Callable[[], bool]) -> bool:
    """Ask the database in a passing thread, and leave no connection behind it."""
    try:
        return ask()
    finally:
        connection.close()


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the data folder against a second supervisor."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(file, 20).decode()
            message = f"The platform already runs on {path.parents[1]} (process {pid})."
            raise SupervisorError(message) from None
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        os.close(file)


@contextmanager
def open_port(host: str, port: int) -> Iterator[socket.socket]:
    """Open the port that every web process inherits, so that none in between is lost."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as web_socket:
        web_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            web_socket.bind((host, port))
        except OSError as error:
            message = (
                f"Port {port} cannot be opened on {host} ({error.strerror}). "
                f"Stop the program that uses it, or choose another: PORT={port + 10}."
            )
            raise SupervisorError(message) from None
        web_socket.listen(1024)
        yield web_socket


async def first_of(*events: asyncio.Event, limit_s: float) -> None:
    """Wait for whichever happens first, or for the limit."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def together(
    works: Sequence[Coroutine[None, None, None]], stop: Callable[[], None]
) -> None:
    """Run them all to their end; when one fails, tell the others to stop."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        stop()
        await asyncio.gather(*tasks, return_exceptions=True)
