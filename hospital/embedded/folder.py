"""The data folder: private, short enough for sockets, reachable for the database."""

import os
import pwd
import stat
from pathlib import Path

from hospital.embedded.errors import EmbeddedError
from hospital.env import SOCKET_PATH_LIMIT, DataFolder

PRIVATE_FOLDERS = ("run", "redis", "files", "uploads", "log", "static")
OWN_NAMES = {*PRIVATE_FOLDERS, "pg", "secret_key", "demo.json"}


def prepare(folder: DataFolder) -> None:
    """Make the data folder and its private rooms, or refuse where it cannot be safe."""
    for path in (folder.postgres_socket, folder.redis_socket):
        check_socket_path(path)
    make_root(folder.root)
    make_rooms(folder)


def make_rooms(folder: DataFolder) -> None:
    """Make the rooms that every process expects, wherever the database is."""
    folder.root.mkdir(parents=True, exist_ok=True)
    for name in PRIVATE_FOLDERS:
        (folder.root / name).mkdir(mode=0o700, exist_ok=True)


def check_socket_path(path: Path) -> None:
    length = len(os.fsencode(path))
    if length > SOCKET_PATH_LIMIT:
        message = (
            f"The data folder's path is too long: {path} has {length} bytes, and the "
            f"system takes {SOCKET_PATH_LIMIT}. Set ANJI_VAR to a shorter path."
        )
        raise EmbeddedError(message)


def make_root(root: Path) -> None:
    """Make the data folder: its owner's alone, or passable where root keeps it.

    Root's database runs as a system user of its own, which must pass through to its
    own folder. A private folder that holds anything of somebody else is not opened.
    """
    root.mkdir(parents=True, exist_ok=True)
    if {path.name for path in root.iterdir()} <= OWN_NAMES:
        root.chmod(0o711 if os.geteuid() == 0 else 0o700)
    if os.geteuid() == 0:
        check_passable(root)


def check_passable(path: Path) -> None:
    for folder in (path, *path.parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            message = (
                f"The folder {folder} is private, and PostgreSQL, which never runs as "
                f"root, could not reach its data in {path}. Set ANJI_VAR to a folder "
                "with no private folder above it, such as /srv/anji, or start the "
                "platform as an ordinary user."
            )
            raise EmbeddedError(message)


def give(path: Path, owner: pwd.struct_passwd | None) -> None:
    """Make the folder, private to the owner, or to oneself where there is none."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if owner:
        os.chown(path, owner.pw_uid, owner.pw_gid)
