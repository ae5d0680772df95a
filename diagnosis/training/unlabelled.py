"""Images without labels, of every kind that the platform reads, as squares."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.inputs import FoundSeries, find_inputs
from diagnosis.inference.preprocess import PreprocessError, squared
from diagnosis.training.manifest import ManifestError

FloatArray = NDArray[np.float32]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """What a folder holds.

    Attributes:
        squares: Shape (N, S, S), in [0, 1].
        series: How many series and pictures they are from.
        skipped: Files and slices that cannot be read.
    """

    squares: FloatArray
    series: int
    skipped: int


def unlabelled_in(
    folder: Path,
    *,
    preprocessing: Preprocessing,
    slices: int,
    pool: DecoderPool,
    progress: Progress = lambda _done, _of: None,
) -> Unlabelled:
    """Return the images of a folder, evenly spaced where a series has many.

    Args:
        folder: Searched to its depths.
        preprocessing: Size and window.
        slices: At most so many of a series.
        pool: Decodes them.
        progress: Told how many series are read.

    Raises:
        ManifestError: There is no image.
    """
    found = find_inputs(folder, pool)
    squares: list[FloatArray] = []
    series = skipped = 0
    for number, one in enumerate(found, start=1):
        read, failed = (
            _read(one, preprocessing, slices)
            if (isinstance(one, FoundSeries))
            else ([], 1)
        )
        squares += read
        series += bool(read)
        skipped += failed
        progress(number, len(found))
    if not squares:
        message = f"{folder} holds no image that can be read"
        raise ManifestError(message)
    return Unlabelled(np.stack(squares), series, skipped)


def _read(
    found: FoundSeries, preprocessing: Preprocessing, count: int
) -> tuple[list[FloatArray], int]:
    loaders = found.series.slices
    chosen = np.linspace(0, len(loaders) - 1, min(count, len(loaders))).round()
    squares, failed = [], 0
    for index in sorted(set(chosen.astype(int).tolist())):
        try:
            grey = loaders[index](preprocessing).grey
            squares.append(squared(grey, size=preprocessing.size))
        except (DicomRefused, PreprocessError):
            failed += 1
    return squares, failed
