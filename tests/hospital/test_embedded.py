import os
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from hospital.embedded import EmbeddedError, Postgres, Redis, Services, processes
from hospital.embedded.folder import check_passable, prepare
from hospital.env import DataFolder

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def folder() -> Iterator[DataFolder]:
    with tempfile.TemporaryDirectory(prefix="anji-test-") as root:
        yield DataFolder(Path(root))


@pytest.fixture
def services(folder: DataFolder) -> Iterator[Services]:
    services = services_of(folder)
    yield services
    services.stop()


def services_of(folder: DataFolder) -> Services:
    return Services(folder, [Postgres(folder, durable=False), Redis(folder)])


def query(folder: DataFolder, sql: str, **options: str) -> object:
    place = {
        "host": str(folder.postgres_socket.parent),
        "dbname": "anji",
        "user": "anji",
    }
    connection = psycopg2.connect(**(place | options))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.slow
def test_database_has_vectors_and_no_network(
    folder: DataFolder, services: Services
) -> None:
    with services:
        query(folder, "CREATE EXTENSION vector")
        version = query(folder, "SHOW server_version_num")
        addresses = query(folder, "SHOW listen_addresses")
        distance = query(folder, "SELECT '[1,2]'::vector <-> '[4,6]'::vector")

    assert version[0].startswith("18")
    assert addresses == ("",)
    assert distance == (5.0,)


@pytest.mark.slow
def test_sockets_are_in_private_folders(folder: DataFolder, services: Services) -> None:
    with services:
        modes = {
            path.name: mode(path)
            for path in (
                folder.run,
                folder.redis_socket,
                folder.postgres_socket.parent,
                folder.root / "pg" / "data" / "pg_hba.conf",
            )
        }

    assert modes == {
        "run": 0o700,
        "redis.sock": 0o600,
        "pg_hba.conf": 0o600,
    } | {folder.postgres_socket.parent.name: 0o700}


@pytest.mark.slow
def test_database_trusts_no_claimed_name(
    folder: DataFolder, services: Services
) -> None:
    with services, pytest.raises(psycopg2.OperationalError, match=r"pg_hba\.conf"):
        query(folder, "SELECT 1", user="postgres", dbname="postgres")

    rules = (folder.root / "pg" / "data" / "pg_hba.conf").read_text()
    assert rules == "local all anji peer map=platform\n"


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT, reason="needs root to become another user")
def test_another_user_of_the_machine_gets_no_connection(
    folder: DataFolder, services: Services
) -> None:
    with services:
        reachable = subprocess.run(
            ["/bin/ls", str(folder.postgres_socket.parent)],
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
            check=False,
        )

    assert reachable.returncode != 0
    assert b"Permission denied" in reachable.stderr


@pytest.mark.slow
def test_data_stays_from_one_start_to_the_next(
    folder: DataFolder, services: Services
) -> None:
    with services:
        query(folder, "CREATE TABLE kept AS SELECT 42 AS answer")

    with services_of(folder):
        answer = query(folder, "SELECT answer FROM kept")

    assert answer == (42,)


@pytest.mark.slow
def test_last_borrower_stops_the_servers(
    folder: DataFolder, services: Services
) -> None:
    with services:
        started = [server.process() for server in services.servers]
        with services_of(folder) as second:
            adopted = [server.process() for server in second.servers]
        after_second = [server.process() for server in services.servers]
    after_first = [server.process() for server in services.servers]

    assert None not in started
    assert adopted == started
    assert after_second == started
    assert after_first == [None, None]


@pytest.mark.slow
def test_servers_of_a_killed_owner_are_adopted(
    folder: DataFolder, services: Services
) -> None:
    with services:
        orphans = [server.process() for server in services.servers]
        os.close(services._lease)  # what the system does for a process that is killed
        services._lease = None

    with services_of(folder) as heir:
        adopted = [server.process() for server in heir.servers]

    assert None not in orphans
    assert adopted == orphans
    assert [server.process() for server in heir.servers] == [None, None]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_server_killed_with_its_records_left_starts_again(
    folder: DataFolder, services: Services, name: str
) -> None:
    with services:
        query(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        server = next(server for server in services.servers if server.name == name)
        first = server.process()
        os.kill(first.pid, signal.SIGKILL)
        processes.wait_for_end([first], limit_s=5)

        server.start()

        assert server.process() not in (None, first)
        assert query(folder, "SELECT answer FROM kept") == (42,)


@pytest.mark.slow
def test_start_is_quick_the_second_time(folder: DataFolder, services: Services) -> None:
    with services:
        pass

    began = time.monotonic()
    with services_of(folder):
        elapsed = time.monotonic() - began

    assert elapsed < 5


def test_socket_path_too_long_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    root = tmp_path / ("a" * 100)

    with pytest.raises(EmbeddedError, match="Set ANJI_VAR to a shorter path"):
        prepare(DataFolder(root))

    assert not root.exists()


def test_private_folder_above_roots_data_is_refused_and_stays_private(
    tmp_path: Path,
) -> None:
    private = tmp_path / "home"
    private.mkdir(mode=0o700)
    (private / "var").mkdir(mode=0o755)

    with pytest.raises(EmbeddedError, match="is private, and PostgreSQL"):
        check_passable(private / "var")

    assert mode(private) == 0o700


def test_folder_of_its_own_is_made_passable_for_root_alone(folder: DataFolder) -> None:
    (folder.root / "secret_key").touch(mode=0o600)

    prepare(folder)

    assert mode(folder.root) == (0o711 if AS_ROOT else 0o700)
    assert mode(folder.root / "files") == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root's database is another user")
def test_private_folder_of_somebody_is_not_opened(folder: DataFolder) -> None:
    (folder.root / "letters.txt").touch()

    with pytest.raises(EmbeddedError, match="is private, and PostgreSQL"):
        prepare(folder)

    assert mode(folder.root) == 0o700


def test_process_is_known_by_number_and_start() -> None:
    child = subprocess.Popen(["/bin/sleep", "60"])
    process = processes.find(child.pid)

    stranger = processes.Process(pid=child.pid, started=process.started + 1)
    stranger.send(signal.SIGKILL)
    alive_after_stranger = process.is_alive
    ended = processes.end([process], steps=[(signal.SIGTERM, 5.0)])
    child.wait()

    assert alive_after_stranger
    assert ended
    assert not process.is_alive
    assert child.returncode == -signal.SIGTERM
