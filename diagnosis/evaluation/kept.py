"""What was measured of an entry, kept beside the sealed versions and bound to one.

An entry never changes, and what is measured of it later is no part of it: the document
lies at `<name>/evaluations/<version>.json`, with the entry's digest in it, and counts for
no other files. Standard library only, so that a page can show it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Any: JSON of several shapes

from diagnosis.inference.entry import ModelEntry

FOLDER = "evaluations"
FORMAT = 1


def evaluation_of(root: Path, entry: ModelEntry) -> Mapping[str, Any] | None:
    """Return what was measured of an entry: beside it, else in its own metrics.

    None where nothing was, or where it was measured of other files.
    """
    path = _path(root, entry)
    try:
        kept = json.loads(path.read_text()) if path.is_file() else None
    except (OSError, ValueError):
        kept = None
    if (
        isinstance(kept, dict)
        and kept.get("format") == FORMAT
        and kept.get("digest") == entry.digest
    ):
        return kept
    own = entry.metrics.get("evaluation")
    return own if isinstance(own, dict) else None


def keep_beside(root: Path, entry: ModelEntry, measured: Mapping[str, object]) -> Path:
    """Write what was measured of an entry, in place of what was kept before."""
    path = _path(root, entry)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(measured, indent=1, allow_nan=False) + "\n")
    draft.replace(path)
    return path


def _path(root: Path, entry: ModelEntry) -> Path:
    return root / entry.name / FOLDER / f"{entry.version}.json"
