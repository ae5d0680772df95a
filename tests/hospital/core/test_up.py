"""`manage.py up` as a person meets it: started, killed, started again, stopped."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hospital.core.supervisor.child import left_by, remember
from hospital.core.supervisor.log import Log
from hospital.core.supervisor.roles import WORKERS, roles
from hospital.core.supervisor.supervisor import (
    SupervisorError,
    lock,
    open_port,
)
from hospital.embedded import Postgres, Redis, Services, processes
from hospital.env import BASE_DIR, DataFolder

START_S = 120.0
STOP_S = 10.0
SERVERS = ("postgres", "redis")

pytestmark = pytest.mark.slow


@dataclass
class Platform:
    """A platform of its own: a data folder, a port, and a supervisor at a time."""

    folder: DataFolder
    port: int
    log: Path
    supervisor: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Start a supervisor and return its first line on standard output."""
        environment = os.environ | {
            "ANJI_VAR": str(self.folder.root),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "hospital.settings",
        }
        with self.log.open("a") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, str(BASE_DIR / "manage.py"), "up"],
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                text=True,
            )
        with self.supervisor.stdout as output:
            line = output.readline()
        assert line, self.log.read_text()
        return line

    def end(self, number: signal.Signals) -> float:
        """Signal the supervisor and return the seconds until it is gone."""
        began = time.monotonic()
        self.supervisor.send_signal(number)
        self.supervisor.wait(timeout=30)
        return time.monotonic() - began

    def processes(self) -> dict[str, int]:
        """Return every living process of this platform by its kind."""
        marker = f"ANJI_VAR={self.folder.root}".encode()
        found = {}
        for pid in processes.running():
            try:
                environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            except OSError:
                continue
            if marker in environment and processes.find(pid):
                found[command.replace("\0", " ")] = pid
        for server in (Postgres(self.folder), Redis(self.folder)):
            process = server.process()
            if process:
                found[server.name] = process.pid
        return found

    def is_complete(self) -> bool:
        """Return whether the supervisor, every role and both servers run."""
        return len(self.processes()) == 1 + len(roles(web_socket=0)) + 2

    def ask(self, path: str) -> int:
        """Return the status of an answer, 0 where none comes in time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            return connection.getresponse().status
        except OSError:
            return 0  # the socket waits for a web process that is starting
        finally:
            connection.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="anji-test-") as root:
        folder = DataFolder(Path(root))
        platform = Platform(folder, free_port(), log=tmp_path / "up.txt")
        yield platform
        if platform.supervisor and platform.supervisor.poll() is None:
            platform.end(signal.SIGTERM)
        for pid in platform.processes().values():
            os.kill(pid, signal.SIGKILL)
        Services(folder, [Postgres(folder), Redis(folder)]).stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.timeout(240)
def test_platform_starts_heals_is_killed_is_adopted_and_stops(
    own: Platform,
) -> None:
    first_line = own.start()
    assert wait_until(own.is_complete), own.log.read_text()
    running = own.processes()
    alive, ready = own.ask("/livez"), own.ask("/readyz")
    victims = [name for name in running if "manage.py" not in name]
    for name in victims:
        os.kill(running[name], signal.SIGKILL)

    def all_new() -> bool:
        now = own.processes()
        return all(now.get(name) not in (None, running[name]) for name in victims)

    assert wait_until(all_new), own.log.read_text()
    assert wait_until(lambda: own.ask("/readyz") == 200)

    own.end(signal.SIGKILL)
    left = {name: own.processes().get(name) for name in SERVERS}
    second_line = own.start()
    adopted = {name: own.processes().get(name) for name in SERVERS}
    webs = [command for command in own.processes() if "--fd" in command]
    elapsed = own.end(signal.SIGTERM)

    assert first_line == f"ready: http://localhost:{own.port}\n"
    assert (alive, ready) == (200, 200)
    for worker in WORKERS:
        assert any(f"-Q {worker.name} " in command for command in running)
    assert any(" beat " in command for command in running)
    assert left == adopted
    assert None not in left.values()
    assert second_line == first_line
    assert len(webs) == 1
    assert elapsed < STOP_S
    assert own.processes() == {}
    assert own.supervisor.returncode == 0


def test_second_supervisor_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run" / "up.lock"
    path.parent.mkdir()

    with (
        lock(path),
        pytest.raises(SupervisorError, match="already runs on"),
        lock(path),
    ):
        pass


def test_port_in_use_is_told_with_the_way_out() -> None:
    port = free_port()

    with (
        open_port("127.0.0.1", port),
        pytest.raises(SupervisorError) as refused,
        open_port("127.0.0.1", port),
    ):
        pass

    assert str(refused.value) == (
        f"Port {port} cannot be opened on 127.0.0.1 (Address already in use). "
        f"Stop the program that uses it, or choose another: PORT={port + 10}."
    )


def test_stranger_with_a_recorded_number_is_left_alone(tmp_path: Path) -> None:
    record = tmp_path / "web.json"
    stranger = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    try:
        remember(record, stranger.pid)
        ours = left_by(record)
        started = ours[0].started
        record.write_text(record.read_text().replace(str(started), str(started - 1)))

        theirs = left_by(record)
    finally:
        stranger.kill()
        stranger.wait()

    assert [process.pid for process in ours] == [stranger.pid]
    assert theirs == []


def test_record_cut_short_is_nobody(tmp_path: Path) -> None:
    record = tmp_path / "web.json"
    record.write_text('{"pid": 1')

    assert left_by(record) == []


def test_log_lines_carry_their_writer(capsys: pytest.CaptureFixture[str]) -> None:
    Log(sys.stderr).say("web", "listens")

    assert capsys.readouterr().err == "web       | listens\n"
