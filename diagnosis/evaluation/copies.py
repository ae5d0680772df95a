"""Which labelled images are one image twice, and what that would spoil.

References:
    Zauner, Implementation and benchmarking of perceptual image hash functions, 2010
    (signs of the low frequencies of a cosine transform).
    Barz and Denzler, Do we train on test data?, Journal of Imaging 2020.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.preprocess import squared
from diagnosis.training.manifest import LabelledImage, ManifestError

FloatArray = NDArray[np.float32]
SIDE, LOW = 32, 8  # of the small picture, and of the frequencies kept
MAX_DISTANCE = 10  # of 64 signs: beyond, nothing is looked at more closely
MIN_LIKENESS = 0.98  # correlation of the small pictures
BLOCK = 512


@dataclass(frozen=True, slots=True)
class Pair:
    """Two images that are one, or almost.

    Attributes:
        likeness: Correlation of the two as small pictures; 1 for the same file.
    """

    first: int
    second: int
    likeness: float
    is_exact: bool


def refuse_copies(images: Sequence[LabelledImage]) -> None:
    """Let images pass whose files differ between the splits.

    Raises:
        ManifestError: A file is in two splits, or has two labels.
    """
    for group in exact_groups(images):
        splits = sorted({images[index].split for index in group})
        labels = sorted({images[index].label for index in group})
        first, second = (images[index].path.name for index in group[:2])
        if len(splits) > 1 or len(labels) > 1:
            what = f"splits {' and '.join(splits)}" if len(splits) > 1 else "two labels"
            message = (
                f"{first} and {second} are one file in {what}: take one row out, or see "
                "all of them with check_data"
            )
            raise ManifestError(message)


def exact_groups(images: Sequence[LabelledImage]) -> list[list[int]]:
    """Return the indices of images whose files are the same, a list a file."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for index, image in enumerate(images):
        by_size[image.size_bytes].append(index)
    same: dict[str, list[int]] = defaultdict(list)
    for indices in by_size.values():
        for index in indices if len(indices) > 1 else ():
            same[_digest(images[index])].append(index)
    return [group for group in same.values() if len(group) > 1]


def _digest(image: LabelledImage) -> str:
    digest = hashlib.sha256()
    for path in image.files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def pairs(images: Sequence[LabelledImage], squares: FloatArray) -> list[Pair]:
    """Return all pairs of images that are one or almost one, likest first.

    Args:
        images: Of a manifest.
        squares: Shape (N, S, S), in [0, 1].
    """
    group_of = {
        index: number
        for number, group in enumerate(exact_groups(images))
        for index in group
    }
    small = np.stack([squared(square, size=SIDE) for square in squares])
    flat = small.reshape(len(small), -1).astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9
    found = []
    for first, second in _near(signs(small)):
        is_exact = first in group_of and group_of[first] == group_of.get(second)
        likeness = 1.0 if is_exact else float(flat[first] @ flat[second])
        if likeness >= MIN_LIKENESS:
            found.append(Pair(first, second, round(likeness, 4), is_exact))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def signs(small: FloatArray) -> NDArray[np.float32]:
    """Return the signs of each small picture's low frequencies, shape (N, 64)."""
    place = np.arange(SIDE)
    cosines = np.cos(np.pi * (place + 0.5) * place[:LOW, None] / SIDE)  # (LOW, SIDE)
    low = np.einsum("fy,nyx,gx->nfg", cosines, small, cosines).reshape(len(small), -1)
    middle = np.median(low[:, 1:], axis=1, keepdims=True)
    return np.where(low > middle, 1, -1).astype(np.float32)


def _near(hashes: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    for start in range(0, len(hashes), BLOCK):
        block = hashes[start : start + BLOCK]
        distance = (hashes.shape[1] - block @ hashes.T) / 2
        for row, column in np.argwhere(distance <= MAX_DISTANCE).tolist():
            if start + row < column:
                yield start + row, column
