"""Labels of signed reports and their images, put where training finds them."""

import csv
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from diagnosis import files
from diagnosis.services.labels import MANIFEST_COLUMNS, TrainingRow


def write_manifest(
    out: Path,
    rows: Sequence[TrainingRow],
    *,
    root: Path | None,
    told: Callable[[float], None] = lambda _share: None,
) -> None:
    """Write the manifest at once: whole, or not at all.

    Args:
        out: The CSV file.
        rows: What it says.
        root: Where the images are put; None leaves them in the file store.
        told: Told the share done.
    """
    draft = out.with_name(f".{out.name}.part")
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(MANIFEST_COLUMNS)
        for number, row in enumerate(rows, start=1):
            placed = row if root is None else replace(row, path=copied(row, root))
            writer.writerow(placed.cells)
            told(number / len(rows))
    draft.replace(out)


def copied(row: TrainingRow, root: Path) -> str:
    """Put the row's image under the root and return its place there."""
    place = f"{row.digest[:2]}/{row.digest}{row.ending}"
    target = root / place
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with files.open_stored(row.digest) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    return place
