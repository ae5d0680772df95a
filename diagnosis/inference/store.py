"""The model store: folders `<name>/<version>/`, each sealed by its SHA256SUMS.

Standard library only, so that a page can show a model's card. An entry is read whole
and verified whole, or not used at all.
"""

import hashlib
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any  # Any: TOML and JSON of unknown shape

from diagnosis.inference.entry import (
    Aggregation,
    Calibration,
    EntryError,
    FeatureReference,
    Limits,
    ModelEntry,
    Preprocessing,
    Rule,
)
from diagnosis.inference.errors import StoreError

SUMS = "SHA256SUMS"
REQUIRED = (
    "card.md",
    "config.toml",
    "labels.toml",
    "metrics.json",
    "calibration.json",
)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,30}")
SUM_LINE = re.compile(r"([0-9a-f]{64})  ([0-9A-Za-z][0-9A-Za-z._-]*)")


def load_entry(root: Path, name: str, version: str) -> ModelEntry:
    """Return an entry, every file of which has the digest it was sealed with.

    Raises:
        StoreError: There is no such entry (`no_such_model`), a file is missing, was
            added or changed (`missing_file`, `unlisted_file`, `wrong_digest`), or what
            it says makes no sense (`invalid_entry`).
    """
    folder = entry_folder(root, name, version)
    if not folder.is_dir():
        known = ", ".join(f"{n}/{v}" for n, v in references(root)) or "none"
        message = f"There is no model {name}/{version} in {root}; there are: {known}."
        raise StoreError("no_such_model", message)
    digest = verified_digest(folder)
    try:
        return _entry(folder, name=name, version=version, digest=digest)
    except (EntryError, KeyError, TypeError, ValueError, OSError) as error:
        message = f"The model {name}/{version} cannot be read: {error!r}."
        raise StoreError("invalid_entry", message) from error


def entry_folder(root: Path, name: str, version: str) -> Path:
    """Return where an entry lies; names that are no names never become paths."""
    if not NAME.fullmatch(name) or not VERSION.fullmatch(version):
        message = (
            f"{name}/{version} is not NAME/VERSION: small letters, digits, dashes."
        )
        raise StoreError("invalid_name", message)
    return root / name / version


def parse_reference(text: str) -> tuple[str, str]:
    """Return name and version of `NAME` or `NAME/VERSION`; the version may be empty."""
    name, _, version = text.partition("/")
    if not NAME.fullmatch(name) or (version and not VERSION.fullmatch(version)):
        message = f"{text!r} is not NAME/VERSION: small letters, digits, dashes."
        raise StoreError("invalid_name", message)
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


def verified_digest(folder: Path) -> str:
    """Return sha256 of the entry's SHA256SUMS once every file is found to match it."""
    sums = folder / SUMS
    if not sums.is_file():
        message = f"{folder.parent.name}/{folder.name} has no {SUMS}."
        raise StoreError("missing_file", message)
    raw = sums.read_bytes()
    listed = _listed(raw, folder)
    present = {path.name for path in folder.iterdir() if path.name != SUMS}
    for name in (*REQUIRED, *listed):
        if name not in present or name not in listed:
            message = f"{folder.parent.name}/{folder.name} lacks the file {name}."
            raise StoreError("missing_file", message)
    if unlisted := sorted(present - set(listed)):
        message = f"{folder.parent.name}/{folder.name} has an unknown {unlisted[0]}."
        raise StoreError("unlisted_file", message)
    for name, digest in listed.items():
        if _sha256(folder / name) != digest:
            message = (
                f"The file {name} of {folder.parent.name}/{folder.name} is not the one "
                f"that was sealed: its digest differs from {SUMS}. "
                "Restore the entry from its source, or activate another model."
            )
            raise StoreError("wrong_digest", message)
    return hashlib.sha256(raw).hexdigest()


def write_entry(
    root: Path, name: str, version: str, *, fill: Callable[[Path], None]
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
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return verified_digest(folder)


def refuse_existing(root: Path, name: str, version: str) -> None:
    """Refuse a name and version that is taken."""
    if entry_folder(root, name, version).exists():
        message = f"{name}/{version} exists and versions never change: take another."
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
            message = f"{SUMS} of {folder.parent.name}/{folder.name} is damaged."
            raise StoreError("wrong_digest", message)
        listed[match[2]] = match[1]
    return listed


def _sha256(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        message = f"{path.name} is not a plain file."
        raise StoreError("unlisted_file", message)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version_key(version: str) -> list[tuple[int, int | str]]:
    """Order 2 before 10, and numbers before words."""
    parts = re.split(r"[.-]", version)
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts]


def _entry(folder: Path, *, name: str, version: str, digest: str) -> ModelEntry:
    config = tomllib.loads((folder / "config.toml").read_text())
    labels = tomllib.loads((folder / "labels.toml").read_text())["labels"]
    return ModelEntry(
        name=name,
        version=version,
        digest=digest,
        folder=folder,
        title=config["title"],
        labels=tuple(label["name"] for label in labels),
        positive=config["positive"],
        widths=tuple(config["network"]["widths"]),
        preprocessing=Preprocessing(**config["preprocessing"]),
        calibration=_calibration(_json(folder / "calibration.json")),
        aggregation=Aggregation(**config["aggregation"]),
        limits=Limits(**config["limits"]),
        rules=tuple(_rule(rule) for rule in config.get("rules", [])),
        engines=config["engines"],
        default_engine=config["engine"],
        notice=config["notice"],
        card=(folder / "card.md").read_text(),
        metrics=_json(folder / "metrics.json"),
    )


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(**{**data, "values": tuple(data.get("values", ()))})


def _calibration(data: dict[str, Any]) -> Calibration:
    reference = data.get("reference")
    return Calibration(
        temperature=data["temperature"],
        grey_low=data["grey_low"],
        grey_high=data["grey_high"],
        is_calibrated=data["is_calibrated"],
        reference=_reference(reference) if reference else None,
    )


def _reference(data: dict[str, Any]) -> FeatureReference:
    return FeatureReference(
        mean=tuple(data["mean"]),
        components=tuple(tuple(row) for row in data["components"]),
        variances=tuple(data["variances"]),
        residual_variance=data["residual_variance"],
        max_distance=data["max_distance"],
    )


def _json(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text())
    return data
