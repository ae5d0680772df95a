"""Series' logits made as serving makes them, so that their answers can be calibrated.

The mean of the loudest slices is no slice: it is larger, and less often wrong. A scaling
and a limit fitted on single slices say nothing of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import Aggregation, Limits, Preprocessing, Views
from diagnosis.inference.metal import counted_slices
from diagnosis.inference.neighbours import Neighbours
from diagnosis.inference.network import SliceNetwork
from diagnosis.inference.predict import aggregate, slices_to_read
from diagnosis.inference.series import SeriesInput
from diagnosis.training.dataset import series_of
from diagnosis.training.learning import scores_of
from diagnosis.training.manifest import LabelledImage, ManifestError
from diagnosis.training.recipe import Report, Step
from diagnosis.training.splits import Split
from hospital.core.phrases import phrase

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
LEAST_PATIENTS = 20  # of each label: fewer leave a limit that says nothing


@dataclass(frozen=True, slots=True)
class Served:
    """What makes a series' answer where the loudest slices are averaged."""

    network: SliceNetwork
    preprocessing: Preprocessing
    views: Views
    aggregation: Aggregation
    limits: Limits
    positive: int

    def logits(self, image: LabelledImage, series: SeriesInput) -> Array:
        """Return the logits of a row's series, shape (labels,)."""
        squares = counted_squares(
            image,
            series,
            preprocessing=self.preprocessing,
            aggregation=self.aggregation,
            limits=self.limits,
        )
        scores = scores_of(self.network, squares, self.preprocessing, views=self.views)
        return aggregate(
            scores.logits, positive=self.positive, aggregation=self.aggregation
        )


def patients_by_label(
    images: Sequence[LabelledImage], labels: Sequence[str]
) -> dict[str, int]:
    """Return how many patients each label has; an image of nobody counts as one."""
    return {
        label: len({i.patient or str(i.path) for i in images if i.label == label})
        for label in labels
    }


def is_enough(patients: Mapping[str, int]) -> bool:
    """Whether each label has the patients that a calibration takes."""
    return min(patients.values()) >= LEAST_PATIENTS


def series_logits(
    split: Split,
    served: Served,
    *,
    labels: Sequence[str],
    pool: DecoderPool,
    report: Report,
) -> tuple[Split, Array | None]:
    """Return the rows that are series of several slices, and their logits.

    Args:
        split: Of patients that the network did not learn from.
        served: What answers.
        labels: Of the model.
        pool: Decodes the slices; one series at a time is in memory.
        report: Told how far the work is.

    Returns:
        These rows, and their logits of shape (N, labels): None where a label has fewer
        than `LEAST_PATIENTS` patients.

    Raises:
        ManifestError: No slice of a series can be decoded.
    """
    several = [
        (place, series)
        for place, image in enumerate(split.images)
        for series in [series_of(image, pool)]
        if len(slices_to_read(len(series.slices), served.aggregation)) > 1
    ]
    places = [place for place, _ in several]
    rows = replace(
        split,
        images=[split.images[place] for place in places],
        examples=split.examples.chosen(np.array(places, dtype=np.intp)),
    )
    if not is_enough(patients_by_label(rows.images, labels)):
        return rows, None
    logits = []
    for (_, series), image in zip(several, rows.images, strict=True):
        logits.append(served.logits(image, series))
        report(Step(phrase("reading whole series"), len(logits) / len(several)))
    return rows, np.stack(logits)


def counted_squares(
    image: LabelledImage,
    series: SeriesInput,
    *,
    preprocessing: Preprocessing,
    aggregation: Aggregation,
    limits: Limits,
) -> FloatArray:
    """Return the slices of a series that make its answer: read, and without much metal.

    Returns:
        Shape (slices, S, S), or (slices, neighbours, S, S).

    Raises:
        ManifestError: None can be decoded.
    """
    neighbours = Neighbours(series, preprocessing)
    squares: list[FloatArray] = []
    metal: list[float] = []
    for index in slices_to_read(len(series.slices), aggregation):
        one = neighbours.read(index)
        if one is not None:
            squares.append(one[1])
            metal.append(one[0].metal)
    if not squares:
        message = phrase(
            "%(path)s cannot be read: none of its slices can be decoded",
            path=str(image.path),
        )
        raise ManifestError(message)
    return np.stack([squares[place] for place in counted_slices(metal, limits)])
