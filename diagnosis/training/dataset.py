"""Labelled images as arrays, through the very preprocessing that serves."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.inputs import FoundSeries, find_inputs, header_of
from diagnosis.inference.neighbours import square_of
from diagnosis.inference.series import SeriesInput
from diagnosis.training.examples import Examples
from diagnosis.training.manifest import LabelledImage, ManifestError, groups_of
from hospital.core.phrases import phrase

FloatArray = NDArray[np.float32]
Progress = Callable[[int, int], None]


def load_examples(
    images: Sequence[LabelledImage],
    *,
    labels: Sequence[str],
    preprocessing: Preprocessing,
    pool: DecoderPool,
    progress: Progress = lambda _done, _of: None,
) -> Examples:
    """Return the images of a manifest as squares with their label's index.

    Of a series it is the slice in the middle, between its neighbours where those are read.

    Raises:
        ManifestError: A file cannot be decoded, or a label is unknown.
    """
    side, slices = preprocessing.size, preprocessing.slices
    shape = (side, side) if slices == 1 else (slices, side, side)
    squares = np.empty((len(images), *shape), dtype=np.float32)
    for number, image in enumerate(images):
        squares[number] = _square(image, preprocessing, pool)
        progress(number + 1, len(images))
    return Examples(
        squares, label_indices(images, labels=labels), tuple(groups_of(images))
    )


def label_indices(
    images: Sequence[LabelledImage], *, labels: Sequence[str]
) -> NDArray[np.int64]:
    """Return each image's label as an index into the labels.

    Raises:
        ManifestError: A label is none of them.
    """
    unknown = sorted({image.label for image in images} - set(labels))
    if unknown:
        known = ", ".join(labels)
        message = phrase(
            "the manifest's label %(label)s is none of the model's: %(known)s",
            label=repr(unknown[0]),
            known=known,
        )
        raise ManifestError(message)
    return np.array([labels.index(image.label) for image in images], dtype=np.int64)


def image_sizes(
    images: Sequence[LabelledImage], pool: DecoderPool
) -> list[tuple[int, int]]:
    """Return rows and columns of each image's file."""
    headers = [header_of(_largest(image), pool) for image in images]
    return [(max(header.rows, 1), max(header.columns, 1)) for header in headers]


def series_of(image: LabelledImage, pool: DecoderPool) -> SeriesInput:
    """Return the picture or series of a row.

    Raises:
        DicomRefused: It cannot be read.
        ManifestError: It is a folder of several.
    """
    found = find_inputs(image.path, pool)
    if len(found) != 1:
        message = phrase(
            "%(path)s holds %(count)d series or images: give each a row of its own",
            path=str(image.path),
            count=len(found),
        )
        raise ManifestError(message)
    if not isinstance(found[0], FoundSeries):
        raise DicomRefused(found[0].code)
    return found[0].series


def unreadable(image: LabelledImage, refusal: DicomRefused) -> ManifestError:
    """Return what to raise for a row whose image cannot be read."""
    message = phrase(
        "%(path)s cannot be read: %(why)s", path=str(image.path), why=refusal.message
    )
    return ManifestError(message)


def _largest(image: LabelledImage) -> Path:
    """Return the file that tells rows and columns; in a folder, no side file."""
    return max(image.files, key=lambda file: file.stat().st_size)


def _square(
    image: LabelledImage, preprocessing: Preprocessing, pool: DecoderPool
) -> FloatArray:
    try:
        series = series_of(image, pool)
        return square_of(series, len(series.slices) // 2, preprocessing)
    except DicomRefused as refusal:
        raise unreadable(image, refusal) from refusal
