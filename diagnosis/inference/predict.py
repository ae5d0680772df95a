"""A series in, an answer out: label and probability, or the reason for giving none."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.appearance import load_known, strangeness
from diagnosis.inference.attention import load_attention
from diagnosis.inference.calibrate import calibrated, feature_distances, is_grey
from diagnosis.inference.conformal import possible_labels
from diagnosis.inference.engines import Engine, Scores
from diagnosis.inference.entry import ATTENTION, Aggregation, ModelEntry
from diagnosis.inference.explain import saliency
from diagnosis.inference.metal import MetalSeen, counted_slices, metal_seen
from diagnosis.inference.neighbours import Neighbours, middle_of
from diagnosis.inference.preprocess import network_input
from diagnosis.inference.rules import Objection, objections, picture_objections
from diagnosis.inference.series import SeriesInput

FloatArray = NDArray[np.float32]
BATCH = 8
# A series has shown by its DICOM facts that it is what the model was made for, before its
# looks are asked; a bare picture has its looks alone.
LENIENCE_FOR_SERIES = 1.25
TOLD_BY_DICOM = ("dicom-series", "dicom")
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model says of a series.

    Attributes:
        label: The likeliest label, also when the model abstains; empty when nothing
            could be computed.
        probability: Of that label.
        probabilities: By label.
        is_calibrated: Whether such probabilities were checked against outcomes: those of
            single slices, or those of series.
        objections: Why the model abstains; empty when it does not.
        key_slice: Index of the slice that speaks loudest for the positive label, or
            that counts most.
        saliency: Shape (h, w), in [0, 1], on that slice; None when it abstains.
        slices_read: Number of slices that the network saw.
        unlikeness: Distance of the slices' features from those of the training images,
            over the distance from which on there is no answer; None without a measure.
        possible: The labels that cannot be ruled out at `coverage`, likeliest first;
            empty where that was not fitted, or not for an input like this.
        spoke: Of a model that learned to weigh slices: index and share of the answer,
            those that count most first.
        coverage: The share of patients for whom the true label is among them; None
            where there are none.
        metal: What to look at beside the answer; None where no metal was seen.
        calibrated_on: How many images or series; None where the entry does not say.
    """

    label: str
    probability: float | None
    probabilities: dict[str, float]
    is_calibrated: bool
    objections: tuple[Objection, ...]
    key_slice: int
    saliency: FloatArray | None
    slices_read: int
    unlikeness: float | None = None
    possible: tuple[str, ...] = ()
    coverage: float | None = None
    spoke: tuple[tuple[int, float], ...] = ()
    metal: MetalSeen | None = None
    calibrated_on: int | None = None

    @property
    def abstained(self) -> bool:
        return bool(self.objections)

    @property
    def reason(self) -> str:
        return " ".join(objection.sentence for objection in self.objections)


@dataclass(frozen=True, slots=True)
class ReadSlices:
    """The network's scores of the slices that could be decoded."""

    indices: list[int]
    scores: Scores
    strange: list[float]  # one a slice; empty for a model that keeps no looks
    looks: list[list[Objection]]
    metal: list[float]
    refused: int  # slices asked for, as themselves or as neighbours, and lost

    def only(self, places: Sequence[int]) -> "ReadSlices":
        """Return these of them alone."""
        rows = list(places)
        return replace(
            self,
            indices=[self.indices[row] for row in rows],
            scores=Scores(
                self.scores.logits[rows],
                self.scores.features[rows],
                self.scores.cams[rows],
            ),
            strange=[self.strange[row] for row in rows] if self.strange else [],
            looks=[self.looks[row] for row in rows],
        )


def read_series(
    entry: ModelEntry,
    engine: Engine,
    series: SeriesInput,
    *,
    progress: Progress = lambda _: None,
) -> Reading:
    """Return the model's answer for a series.

    Args:
        entry: The model.
        engine: What computes it.
        series: What is read.
        progress: Told the share done after every batch; what it raises stops the work.

    Raises:
        DicomRefused: No slice could be decoded.
        PreprocessError: No slice has a shape that can be read.
    """
    chosen = slices_to_read(len(series.slices), entry.aggregation)
    seen = _read_slices(entry, engine, series, chosen, progress)
    counted = counted_slices(seen.metal, entry.limits)
    read = seen.only(counted)
    weights = _weights(entry, read.scores)
    if weights is None:
        logits = aggregate(
            read.scores.logits,
            positive=entry.positive_index,
            aggregation=entry.aggregation,
        )
    else:
        logits = weights @ read.scores.logits.astype(np.float64)
    fitted = entry.for_series if len(seen.indices) > 1 else entry.for_slices
    calibration = fitted or entry.calibration
    p = calibrated(logits, calibration)
    is_told = series.facts.kind in TOLD_BY_DICOM
    unlikeness = _unlikeness(
        entry, read, lenience=LENIENCE_FOR_SERIES if is_told else 1.0
    )
    found = [
        *objections(series.facts, entry.rules),
        *_objections_to_slices(read, unlikeness),
    ]
    conformal = fitted.conformal if fitted and not found else None
    if not found and is_grey(float(p[entry.positive_index]), calibration):
        found.append(
            Objection("grey_zone", "The probability is too close to undecided.")
        )
    loudness = _margins(read.scores.logits, entry.positive_index)
    loudest = int((loudness if weights is None else weights).argmax())
    top = int(p.argmax())
    return Reading(
        label=entry.labels[top],
        probability=float(p[top]),
        probabilities={name: float(x) for name, x in zip(entry.labels, p, strict=True)},
        is_calibrated=fitted is not None,
        objections=tuple(found),
        key_slice=read.indices[loudest],
        saliency=None
        if found
        else saliency(read.scores.cams[loudest, entry.positive_index]),
        slices_read=len(seen.indices),
        unlikeness=unlikeness,
        possible=possible_labels(p, entry.labels, conformal) if conformal else (),
        coverage=conformal.coverage if conformal else None,
        spoke=() if weights is None else _spoke(read.indices, weights),
        metal=metal_seen(seen.metal, counted, entry.limits),
        calibrated_on=fitted.fitted_on or None if fitted else None,
    )


def slices_to_read(count: int, aggregation: Aggregation) -> list[int]:
    """Return the indices read: the middle of the series, evenly thinned if it is long.

    Args:
        count: Slices of the series.
        aggregation: Which share of them, and how many at most.
    """
    kept = max(round(count * aggregation.central_share), 1)
    first = (count - kept) // 2
    number = min(kept, aggregation.max_slices)
    steps = np.linspace(first, first + kept - 1, number)
    return sorted({round(float(step)) for step in steps})


def aggregate(
    logits: FloatArray, *, positive: int, aggregation: Aggregation
) -> NDArray[np.float64]:
    """Return the logits of a series: the mean of the slices that speak loudest.

    Args:
        logits: Shape (slices, labels).
        positive: Index of the label for which they speak.
        aggregation: Which share of them counts.

    Returns:
        Shape (labels,).
    """
    count = max(round(len(logits) * aggregation.top_share), 1)
    loudest = np.argsort(-_margins(logits, positive), kind="stable")[:count]
    mean: NDArray[np.float64] = logits[loudest].astype(np.float64).mean(axis=0)
    return mean


def _weights(entry: ModelEntry, scores: Scores) -> NDArray[np.float64] | None:
    """Return how much each slice counts; None where the loudest are averaged."""
    if entry.pooling != ATTENTION:
        return None
    return load_attention(entry.folder).weights(scores.features)


def _spoke(
    indices: Sequence[int], weights: NDArray[np.float64]
) -> tuple[tuple[int, float], ...]:
    order = np.argsort(-weights, kind="stable")
    return tuple((indices[place], float(weights[place])) for place in order)


def _margins(logits: FloatArray, positive: int) -> FloatArray:
    """Return by how much each slice prefers a label to the next best, shape (slices,)."""
    others = np.delete(logits, positive, axis=1)
    margins: FloatArray = logits[:, positive] - others.max(axis=1)
    return margins


def _read_slices(
    entry: ModelEntry,
    engine: Engine,
    series: SeriesInput,
    chosen: Sequence[int],
    progress: Progress,
) -> ReadSlices:
    indices: list[int] = []
    parts: list[Scores] = []
    looks: list[list[Objection]] = []
    strange: list[float] = []
    metal: list[float] = []
    known = load_known(entry.folder, entry.digest)
    neighbours = Neighbours(series, entry.preprocessing)
    for done, batch in _batched(chosen):
        squares = []
        for index in batch:
            one = neighbours.read(index)
            if one is None:
                continue
            picture, square = one
            squares.append(square)
            looks.append(picture_objections(picture, entry.limits))
            metal.append(picture.metal)
            indices.append(index)
            del one, picture
        if squares:
            batch_squares = np.stack(squares)
            if known:
                strange += strangeness(known, middle_of(batch_squares)).tolist()
            x = network_input(batch_squares, entry.preprocessing)
            parts.append(engine.run(x))
        progress(done / len(chosen))
    refused = neighbours.refused
    if not parts:
        raise next(iter(refused.values()))
    return ReadSlices(indices, _joined(parts), strange, looks, metal, len(refused))


def _batched(chosen: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        yield start + len(batch), batch


def _joined(parts: Sequence[Scores]) -> Scores:
    return Scores(
        logits=np.concatenate([part.logits for part in parts]),
        features=np.concatenate([part.features for part in parts]),
        cams=np.concatenate([part.cams for part in parts]),
    )


def _unlikeness(
    entry: ModelEntry, read: ReadSlices, *, lenience: float
) -> float | None:
    """Return how unlike the training images the middle one of the slices is.

    Whichever says more: the picture by itself, or what the network makes of it.
    """
    reference = entry.calibration.reference
    said = []
    if reference:
        far = feature_distances(read.scores.features, reference)
        said.append(float(np.median(far)) / max(reference.max_distance, 1e-9))
    if read.strange:
        said.append(float(np.median(read.strange)) / lenience)
    return max(said, default=None)


def _objections_to_slices(
    read: ReadSlices, unlikeness: float | None
) -> list[Objection]:
    """Return what speaks against the slices: seen on most, or unlike any learned from."""
    found = []
    if read.refused:
        sentence = f"{read.refused} slices could not be decoded."
        found.append(Objection("slices_unreadable", sentence))
    codes = Counter(one.code for look in read.looks for one in look)
    common = {code for code, count in codes.items() if 2 * count > len(read.looks)}
    first = {one.code: one for look in reversed(read.looks) for one in look}
    found += [one for code, one in first.items() if code in common]
    if unlikeness is not None and unlikeness > 1:
        sentence = (
            "The image is unlike those that the model learned from: look whether it shows "
            "what its headers say."
        )
        found.append(Objection("unlike_training", sentence))
    return found
