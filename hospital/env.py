"""What the platform reads from its environment, in one place, refused when it is wrong."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 107  # sockaddr_un.sun_path on Linux, less the closing zero


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where the platform keeps its data when nothing else is configured."""

    root: Path

    @property
    def run(self) -> Path:
        """Unix sockets and process records, readable by the owner alone."""
        return self.root / "run"

    @property
    def postgres_socket(self) -> Path:
        """Beside the database's own data, in a folder of the user it runs as."""
        return self.root / "pg" / "run" / ".s.PGSQL.5432"

    @property
    def redis_socket(self) -> Path:
        return self.run / "redis.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"

    def secret_key(self) -> str:
        """Return the installation's own secret, made on first use."""
        path = self.root / "secret_key"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)  # atomic: the first of two starts wins
            draft.unlink()
        return path.read_text()


def data_folder(env: environ.Env) -> DataFolder:
    """Return the data folder that `ANJI_VAR` names, `var/` by default."""
    root = Path(env.str("ANJI_VAR", default=str(BASE_DIR / "var"))).expanduser()
    return DataFolder(root=(BASE_DIR / root).resolve())


def port(env: environ.Env) -> int:
    """Return the port that the web process binds."""
    value = int(env.int("PORT", default=8000))
    if not 1 <= value <= 65535:
        message = f"PORT must be between 1 and 65535, not {value}."
        raise ImproperlyConfigured(message)
    return value


def broker_url(redis_url: str) -> str:
    """Return Celery's spelling of a Redis URL."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        database = dict(part.split("=") for part in query.split("&") if part)
        return f"redis+socket://{path}?virtual_host={database.get('db', '0')}"
    return redis_url
