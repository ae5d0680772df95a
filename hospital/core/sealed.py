"""Folders `<name>/<version>/` of files that never change, each sealed by its SHA256SUMS.

What a model or an adapter is made of. Standard library only, so that a page can show its
card. A folder is verified whole, or not used at all; it appears complete, or not at all.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from hospital.core.phrases import phrase

SUMS = "SHA256SUMS"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,30}")
SUM_LINE = re.compile(r"([0-9a-f]{64})  ([0-9A-Za-z][0-9A-Za-z._-]*)")


class StoreError(ValueError):
    """An entry of a store that must not be used: a code and a sentence, or phrase."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[type["StoreError"], tuple[str, str]]:
        return (type(self), (self.code, self.message))


def entry_folder(root: Path, name: str, version: str) -> Path:
    """Return where an entry lies; names that are no names never become paths."""
    if not NAME.fullmatch(name) or not VERSION.fullmatch(version):
        raise _no_reference(f"{name}/{version}")
    return root / name / version


def parse_reference(text: str) -> tuple[str, str]:
    """Return name and version of `NAME` or `NAME/VERSION`; the version may be empty."""
    name, _, version = text.partition("/")
    if not NAME.fullmatch(name) or (version and not VERSION.fullmatch(version)):
        raise _no_reference(repr(text))
    return name, version


def references(root: Path) -> list[tuple[str, str]]:
    """Return name and version of every entry, oldest version first."""
    found = [
        (folder.parent.name, folder.name)
        for folder in root.glob("*/*")
        if (folder / SUMS).is_file()
        and NAME.fullmatch(folder.parent.name)
        and VERSION.fullmatch(folder.name)
    ]
    return sorted(found, key=lambda pair: (pair[0], _version_key(pair[1])))


def resolve(root: Path, text: str = "") -> tuple[str, str]:
    """Return name and version of what is asked for: the newest where it says less.

    Without a name it is the store's default: the file `default` in the root, else the
    first name.

    Raises:
        StoreError: The store has none.
    """
    default = root / "default"
    if not text and default.is_file():
        text = default.read_text().strip()
    name, version = parse_reference(text) if text else ("", "")
    if version:
        return name, version
    known = references(root)
    name = name or (known[0][0] if known else "")
    versions = [v for n, v in known if n == name]
    if not versions:
        message = f"There is no model {text or 'at all'} in {root}; train one."
        raise StoreError("no_such_model", message)
    return name, versions[-1]


def verified_digest(folder: Path, *, required: Collection[str]) -> str:
    """Return sha256 of the folder's SHA256SUMS once every file is found to match it.

    Args:
        folder: Holds plain files alone.
        required: Names that must be among them.

    Raises:
        StoreError: A file is missing, was added or changed.
    """
    sums, entry = folder / SUMS, f"{folder.parent.name}/{folder.name}"
    if not sums.is_file():
        message = phrase("%(entry)s has no %(file)s.", entry=entry, file=SUMS)
        raise StoreError("missing_file", message)
    raw = sums.read_bytes()
    listed = _listed(raw, folder)
    present = {path.name for path in folder.iterdir() if path.name != SUMS}
    for name in (*required, *listed):
        if name not in present or name not in listed:
            message = phrase(
                "%(entry)s lacks the file %(file)s.", entry=entry, file=name
            )
            raise StoreError("missing_file", message)
    if unlisted := sorted(present - set(listed)):
        message = phrase(
            "%(entry)s has an unknown %(file)s.", entry=entry, file=unlisted[0]
        )
        raise StoreError("unlisted_file", message)
    for name, digest in listed.items():
        if _sha256(folder / name) != digest:
            message = phrase(
                "The file %(file)s of %(entry)s is not the one that was sealed: its digest "
                "differs from %(sums)s. Restore the entry from its source, or activate "
                "another model.",
                file=name,
                entry=entry,
                sums=SUMS,
            )
            raise StoreError("wrong_digest", message)
    return hashlib.sha256(raw).hexdigest()


def write_entry(
    root: Path,
    name: str,
    version: str,
    *,
    required: Collection[str],
    fill: Callable[[Path], None],
) -> str:
    """Make an entry by `fill`, which writes its files; seal it; return its digest.

    The folder appears under its name complete and sealed, or not at all.

    Raises:
        StoreError: The entry exists (`entry_exists`): versions never change.
    """
    folder = entry_folder(root, name, version)
    refuse_existing(root, name, version)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=folder.parent))
    try:
        fill(draft)
        seal(draft)
        draft.chmod(0o755)
        digest = verified_digest(draft, required=required)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return digest


def refuse_existing(root: Path, name: str, version: str) -> None:
    """Refuse a name and version that is taken."""
    if entry_folder(root, name, version).exists():
        message = phrase(
            "%(entry)s exists and versions never change: take another.",
            entry=f"{name}/{version}",
        )
        raise StoreError("entry_exists", message)


def seal(folder: Path) -> None:
    """Write SHA256SUMS over the folder's files, in the format of sha256sum."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{_sha256(folder / name)}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines))


def _listed(raw: bytes, folder: Path) -> dict[str, str]:
    listed = {}
    for line in raw.decode("ascii", "replace").splitlines():
        match = SUM_LINE.fullmatch(line)
        if not match:
            entry = f"{folder.parent.name}/{folder.name}"
            message = phrase(
                "%(file)s of %(entry)s is damaged.", file=SUMS, entry=entry
            )
            raise StoreError("wrong_digest", message)
        listed[match[2]] = match[1]
    return listed


def _sha256(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        message = phrase("%(file)s is not a plain file.", file=path.name)
        raise StoreError("unlisted_file", message)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _no_reference(text: str) -> StoreError:
    message = phrase(
        "%(text)s is not NAME/VERSION: small letters, digits, dashes.", text=text
    )
    return StoreError("invalid_name", message)


def _version_key(version: str) -> list[tuple[int, int | str]]:
    """Order 2 before 10, and numbers before words."""
    parts = re.split(r"[.-]", version)
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts]
