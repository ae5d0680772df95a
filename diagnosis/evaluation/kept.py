"""What was measured of an entry, kept beside the sealed versions and bound to one.

An entry never changes, and what is measured of it later is no part of it: the document
lies at `<name>/evaluations/<version>.json`, with the entry's digest in it, and counts for
no other files. What was found in the images that it learned from lies likewise at
`<name>/data/<version>.json`. Standard library only, so that a page can show it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Any: JSON of several shapes

from diagnosis.inference.entry import ModelEntry

EVALUATIONS, DATA = "evaluations", "data"
FORMAT = 1


def evaluation_of(root: Path, entry: ModelEntry) -> Mapping[str, Any] | None:
    """Return what was measured of an entry: beside it, else in its own metrics.

    None where nothing was, or where it was measured of other files.
    """
    kept = _kept(root, entry, EVALUATIONS)
    own = entry.metrics.get("evaluation")
    return kept or (own if isinstance(own, dict) else None)


def data_check_of(root: Path, entry: ModelEntry) -> Mapping[str, Any] | None:
    """Return what was found in the images that an entry learned from; None unknown."""
    return _kept(root, entry, DATA)


def keep_beside(
    root: Path,
    entry: ModelEntry,
    measured: Mapping[str, object],
    *,
    folder: str = EVALUATIONS,
) -> Path:
    """Write what was measured of an entry, in place of what was kept before.

    Args:
        root: Of the store.
        entry: Whose digest is in the document.
        measured: The document.
        folder: `EVALUATIONS`, or `DATA` for what was found in its images.
    """
    path = _path(root, entry, folder)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(measured, indent=1, allow_nan=False) + "\n")
    draft.replace(path)
    return path


def _kept(root: Path, entry: ModelEntry, folder: str) -> Mapping[str, Any] | None:
    path = _path(root, entry, folder)
    try:
        kept = json.loads(path.read_text()) if path.is_file() else None
    except (OSError, ValueError):
        return None
    fits = (
        isinstance(kept, dict)
        and kept.get("format") == FORMAT
        and kept.get("digest") == entry.digest
    )
    return kept if fits else None


def _path(root: Path, entry: ModelEntry, folder: str) -> Path:
    return root / entry.name / folder / f"{entry.version}.json"
