"""Of each row of a manifest the features of the slices that serving would read."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.network import SliceNetwork
from diagnosis.training.dataset import series_of, unreadable
from diagnosis.training.learning import Learning, scores_of
from diagnosis.training.manifest import LabelledImage, ManifestError
from diagnosis.training.recipe import Step
from diagnosis.training.shortcuts import lungs_blanked
from diagnosis.training.splits import Split
from diagnosis.training.whole_series import counted_squares
from hospital.core.phrases import phrase

FloatArray = NDArray[np.float32]


def with_bags(split: Split, learning: Learning, pool: DecoderPool) -> Split:
    """Return the split with its slices' features, as they are and with lungs covered.

    One series at a time is in memory.

    Raises:
        ManifestError: A series cannot be read, or no row is one.
    """
    network = learning.begun()
    bags, covered = [], []
    for number, image in enumerate(split.images):
        squares = _squares(image, learning, pool)
        bags.append(_features(network, squares, learning))
        covered.append(_features(network, lungs_blanked(squares), learning))
        share = (number + 1) / len(split.images)
        learning.report(Step(phrase("features of whole series"), share))
    if max(len(bag) for bag in bags) < 2:
        message = phrase(
            "series.pooling = 'attention' learns from series: name folders of DICOM or "
            "NIfTI volumes, or leave [series] out"
        )
        raise ManifestError(message)
    examples = replace(split.examples, bags=tuple(bags), covered=tuple(covered))
    return replace(split, examples=examples)


def _squares(image: LabelledImage, learning: Learning, pool: DecoderPool) -> FloatArray:
    try:
        series = series_of(image, pool)
    except DicomRefused as refusal:
        raise unreadable(image, refusal) from refusal
    texts = learning.recipe.texts
    return counted_squares(
        image,
        series,
        preprocessing=learning.preprocessing,
        aggregation=texts.aggregation,
        limits=texts.limits,
    )


def _features(
    network: SliceNetwork, squares: FloatArray, learning: Learning
) -> FloatArray:
    return scores_of(network, squares, learning.preprocessing).features
