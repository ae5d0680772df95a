"""What the ground needs of a machine: `manage.py doctor` asks each in turn."""

import platform
import shutil
import sys

import redis
from django.conf import settings
from django.db import Error, connection

from hospital.core.registry import Need
from hospital.env import BASE_DIR

PYTHON = (3, 11)
DATABASE_MAJOR = 15
BROKER_VERSION = (6, 2)
FREE_BYTES = 5 * 1024**3
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def ground_needs() -> list[Need]:
    """Return the state of everything that every room stands on."""
    checks = (python, database, vectors, broker, disk, front_end, chromium)
    return [check() for check in checks]


def python() -> Need:
    found = sys.version_info[:2] == PYTHON
    return Need(
        name="Python",
        state="found" if found else "missing",
        detail=f"{platform.python_version()} at {sys.executable}",
        remedy="" if found else "Install Python 3.11 and run `make demo` again.",
    )


def database() -> Need:
    name = "PostgreSQL"
    remedy = (
        "Look into the data folder's log/postgres.log."
        if settings.EMBEDDED_DATABASE
        else "Check DATABASE_URL, and that the server there runs."
    )
    try:
        connection.ensure_connection()
    except Error as error:
        return Need(name=name, state="missing", detail=first_line(error), remedy=remedy)
    number = connection.cursor().connection.server_version
    where = "embedded" if settings.EMBEDDED_DATABASE else "by DATABASE_URL"
    found = number // 10_000 >= DATABASE_MAJOR
    return Need(
        name=name,
        state="found" if found else "missing",
        detail=f"{number // 10_000}.{number % 10_000}, {where}",
        remedy="" if found else f"Use PostgreSQL {DATABASE_MAJOR} or newer.",
    )


def vectors() -> Need:
    name = "pgvector"
    query = "SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
    except Error as error:
        remedy = "Mend PostgreSQL first."
        return Need(name=name, state="missing", detail=first_line(error), remedy=remedy)
    if row is None:
        remedy = "Install the pgvector extension into the database server."
        return Need(name=name, state="missing", detail="not offered", remedy=remedy)
    return Need(name=name, state="found", detail=row[0])


def broker() -> Need:
    name = "Redis"
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
    try:
        version = str(client.info("server")["redis_version"])
    except redis.RedisError as error:
        remedy = (
            "Look into the data folder's log/redis.log."
            if settings.EMBEDDED_REDIS
            else "Check REDIS_URL, and that the server there runs."
        )
        return Need(name=name, state="missing", detail=first_line(error), remedy=remedy)
    finally:
        client.close()
    found = tuple(int(part) for part in version.split(".")[:2]) >= BROKER_VERSION
    where = "embedded" if settings.EMBEDDED_REDIS else "by REDIS_URL"
    return Need(
        name=name,
        state="found" if found else "missing",
        detail=f"{version}, {where}",
        remedy="" if found else "Use Redis 6.2 or newer.",
    )


def disk() -> Need:
    root = settings.VAR.root
    free = shutil.disk_usage(root if root.exists() else root.parent).free
    found = free >= FREE_BYTES
    return Need(
        name="Disk",
        state="found" if found else "missing",
        detail=f"{free / 1024**3:.1f} GiB free in {root}",
        remedy="" if found else "Free some space, or set ANJI_VAR to another disk.",
    )


def front_end() -> Need:
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    bundle = BASE_DIR / "static" / "build"
    absent = [str(path) for path in (bundle, manifest) if not path.exists()]
    return Need(
        name="Front end",
        state="missing" if absent else "found",
        detail=f"not built: {', '.join(absent)}" if absent else str(manifest),
        remedy="Run `make static`." if absent else "",
    )


def chromium() -> Need:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return Need(
        name="Chromium",
        state="found" if found else "optional",
        detail=found or "not on the path; only the browser tests need it",
        remedy="" if found else "Debian: apt-get install chromium.",
    )


def first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
