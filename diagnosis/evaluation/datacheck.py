"""What is wrong with labelled images before anything learns from them, as one document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any  # Any: JSON of several shapes

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.evaluation.copies import Pair, pairs
from diagnosis.evaluation.kept import FORMAT
from diagnosis.evaluation.probes import probed
from diagnosis.inference.entry import ModelEntry, Preprocessing
from diagnosis.training.dataset import image_sizes, load_examples
from diagnosis.training.manifest import (
    LabelledImage,
    groups_of,
    labels_of,
    shared_patients,
)

FloatArray = NDArray[np.float32]
SIDE = 128  # pixels: enough for copies and shortcuts
MAX_SHOWN = 50  # pairs, and patients


def looked_over(
    images: Sequence[LabelledImage],
    *,
    positive: str,
    root: Path,
    pool: DecoderPool,
    told: Callable[[str, float], None] = lambda _words, _share: None,
) -> dict[str, object]:
    """Return what was found in images that are still to be read, as JSON.

    Args:
        images: Of a manifest.
        positive: The label that the probes tell from the others; empty takes the first.
        root: Names of files are told from here.
        pool: Decodes the images.
        told: How far it is.

    Raises:
        ManifestError: An image cannot be read.
    """
    labels = labels_of(images)
    examples = load_examples(
        images,
        labels=labels,
        preprocessing=Preprocessing(SIDE, 0.0, 1.0),
        pool=pool,
        progress=lambda done, of: told(f"reading {done} of {of}", done / of),
    )
    sizes = image_sizes(images, pool)
    told("looking for copies and shortcuts", 0.0)
    return checked(
        images, examples.squares, sizes, positive=positive or labels[0], root=root
    )


def kept_with(
    entry: ModelEntry, found: Mapping[str, Any], *, data: str, made: date
) -> dict[str, object]:
    """Return what was found as it is kept beside an entry that learned from the images.

    Everybody who sees the model's page reads it: no file and no patient is named.

    Args:
        entry: The model.
        found: By `looked_over`.
        data: What the images are called.
        made: The day on which they were looked over.
    """
    return {
        "format": FORMAT,
        "model": entry.reference,
        "digest": entry.digest,
        "made": made.isoformat(),
        "data": data,
        **found,
        "pairs": [],
        "shared_patients": {**found["shared_patients"], "first": []},
    }


def checked(
    images: Sequence[LabelledImage],
    squares: FloatArray,
    sizes: Sequence[tuple[int, int]],
    *,
    positive: str,
    root: Path,
) -> dict[str, object]:
    """Return what was found, as JSON.

    Args:
        images: Of a manifest.
        squares: Shape (N, S, S), in [0, 1].
        sizes: Rows and columns of each file.
        positive: The label that the probes tell from the others.
        root: Names of files are told from here.
    """
    found = pairs(images, squares)
    troubling = [pair for pair in found if _troubles(images, pair)]
    known = [n for n, image in enumerate(images) if image.split != "test"]
    probes = probed(
        [images[n] for n in known],
        squares[known],
        [sizes[n] for n in known],
        positive=positive,
    )
    shared = shared_patients(images)
    return {
        "images": len(images),
        "patients": len(set(groups_of(images))),
        "has_patients": all(image.patient for image in images),
        "positive": positive,
        "splits": _splits(images),
        "copies": {
            "exact": sum(pair.is_exact for pair in found),
            "near": sum(not pair.is_exact for pair in found),
            "across_splits": sum(_differ(images, pair, "split") for pair in found),
            "across_labels": sum(_differ(images, pair, "label") for pair in found),
            "across_patients": sum(_differ(images, pair, "patient") for pair in found),
        },
        "pairs": [_told(images, pair, root) for pair in troubling[:MAX_SHOWN]],
        "shared_patients": {"count": len(shared), "first": shared[:MAX_SHOWN]},
        "probes": [asdict(probe) for probe in probes],
    }


def _troubles(images: Sequence[LabelledImage], pair: Pair) -> bool:
    return pair.is_exact or any(
        _differ(images, pair, fact) for fact in ("split", "label", "patient")
    )


def _differ(images: Sequence[LabelledImage], pair: Pair, fact: str) -> bool:
    one, other = (getattr(images[n], fact) for n in (pair.first, pair.second))
    return bool(one and other and one != other)


def _told(images: Sequence[LabelledImage], pair: Pair, root: Path) -> dict[str, object]:
    first, second = images[pair.first], images[pair.second]
    return {
        "first": first.path.relative_to(root.resolve()).as_posix(),
        "second": second.path.relative_to(root.resolve()).as_posix(),
        "likeness": pair.likeness,
        "is_exact": pair.is_exact,
        "differ": [
            fact
            for fact in ("split", "label", "patient")
            if _differ(images, pair, fact)
        ],
    }


def _splits(images: Sequence[LabelledImage]) -> list[dict[str, object]]:
    labels = labels_of(images)
    return [
        {
            "split": split,
            "images": len(inside),
            "patients": len(set(groups_of(inside))),
            "labels": {
                label: sum(image.label == label for image in inside) for label in labels
            },
        }
        for split in ("train", "val", "test")
        if (inside := [image for image in images if image.split == split])
    ]
