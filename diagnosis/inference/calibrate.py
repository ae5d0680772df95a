"""Probabilities that mean what they say: scaled logits, and a grey zone.

References:
    Guo et al., On calibration of modern neural networks, ICML 2017 (temperature for two
    labels, vector scaling for more).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.entry import Calibration, FeatureReference

Array = NDArray[np.float64]
TEMPERATURES = (0.05, 20.0)
GOLDEN = (5**0.5 - 1) / 2
VECTOR_STEPS, VECTOR_RATE = 400, 0.05
TOWARDS_TEMPERATURE = 0.01  # how strongly scales and offsets keep to one temperature


def probabilities(logits: NDArray[np.floating], *, temperature: float) -> Array:
    """Return the softmax of logits over a temperature.

    Args:
        logits: Shape (..., labels).
        temperature: Above 1 softens, below 1 sharpens.
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    exponentials = np.exp(scaled)
    result: Array = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return result


def calibrated(logits: NDArray[np.floating], calibration: Calibration) -> Array:
    """Return the probabilities of logits, scaled as an entry says.

    Args:
        logits: Shape (..., labels).
        calibration: One temperature, or a scale and an offset a label.
    """
    if not calibration.scales:
        return probabilities(logits, temperature=calibration.temperature)
    scaled = np.asarray(logits, dtype=np.float64) * np.array(calibration.scales)
    return probabilities(scaled + np.array(calibration.offsets), temperature=1.0)


def fit_scaling(
    logits: NDArray[np.floating], labels: NDArray[np.int64]
) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """Return temperature, scales and offsets; the last two empty for two labels."""
    temperature = fit_temperature(logits, labels)
    if logits.shape[1] == 2:
        return temperature, (), ()
    scales, offsets = _fit_vector(logits, labels, temperature=temperature)
    return temperature, tuple(scales.tolist()), tuple(offsets.tolist())


def _fit_vector(
    logits: NDArray[np.floating], labels: NDArray[np.int64], *, temperature: float
) -> tuple[Array, Array]:
    """Return the scale and offset of each label, held near one temperature."""
    z = np.asarray(logits, dtype=np.float64)
    truth = np.eye(z.shape[1])[labels]
    start = np.concatenate([np.full(z.shape[1], 1 / temperature), np.zeros(z.shape[1])])
    chosen, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, VECTOR_STEPS + 1):  # Adam: the loss has one valley
        scales, offsets = np.split(chosen, 2)
        error = probabilities(z * scales + offsets, temperature=1.0) - truth
        slope = np.concatenate([(error * z).mean(axis=0), error.mean(axis=0)])
        slope += TOWARDS_TEMPERATURE * (chosen - start)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        size = np.sqrt(second / (1 - 0.999**step)) + 1e-8
        chosen = chosen - VECTOR_RATE * first / (1 - 0.9**step) / size
    scales, offsets = np.split(chosen, 2)
    return scales, offsets


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """Return the temperature that makes the labels most likely.

    Args:
        logits: Shape (N, labels), of images that the network was not trained on.
        labels: Shape (N,), indices.
    """

    def loss(log_temperature: float) -> float:
        p = probabilities(logits, temperature=float(np.exp(log_temperature)))
        return float(-np.log(p[np.arange(len(labels)), labels] + 1e-12).mean())

    low, high = (float(np.log(bound)) for bound in TEMPERATURES)
    while high - low > 1e-6:  # golden-section search: the loss has one valley
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return float(np.exp((low + high) / 2))


def out_of_fold_probabilities(
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    *,
    groups: Sequence[str],
    folds: int = 5,
) -> Array:
    """Return probabilities, each by a scaling fitted without that patient's images.

    Args:
        logits: Shape (N, labels).
        labels: Shape (N,).
        groups: Whose each image is; a group never spans two folds.
        folds: Number of parts.
    """
    names = sorted(set(groups))
    fold_of = {name: number % folds for number, name in enumerate(names)}
    fold = np.array([fold_of[group] for group in groups])
    result = np.empty(logits.shape, dtype=np.float64)
    for number in range(min(folds, len(names))):
        held = fold == number
        if not (~held).any():
            result[held] = probabilities(logits[held], temperature=1.0)
            continue
        temperature, scales, offsets = fit_scaling(logits[~held], labels[~held])
        fitted = Calibration(temperature, 0.5, 0.5, scales=scales, offsets=offsets)
        result[held] = calibrated(logits[held], fitted)
    return result


def grey_zone(
    positive: Array,
    is_positive: NDArray[np.bool_],
    *,
    target_accuracy: float = 0.85,
    max_withheld: float = 0.04,
) -> tuple[float, float]:
    """Return the narrowest zone round 0.5 outside of which answers are accurate enough.

    It widens until the answers given reach the target, or until it would withhold more
    than the share allowed.

    Args:
        positive: Shape (N,), calibrated probability of the positive label.
        is_positive: Shape (N,).
        target_accuracy: Of the answers given.
        max_withheld: Largest share of images without an answer.
    """
    chosen = 0.0
    for half_width in np.arange(0.0, 0.31, 0.01):
        withheld = np.abs(positive - 0.5) < half_width
        if withheld.mean() > max_withheld:
            break
        chosen = float(half_width)
        given = ~withheld
        accuracy = ((positive[given] >= 0.5) == is_positive[given]).mean()
        if accuracy >= target_accuracy:
            break
    return round(0.5 - chosen, 2), round(0.5 + chosen, 2)


def is_grey(probability: float, calibration: Calibration) -> bool:
    """Whether a probability of the positive label is too undecided to be an answer."""
    return calibration.grey_low < probability < calibration.grey_high


def fit_reference(
    features: NDArray[np.floating],
    held_out: NDArray[np.floating],
    *,
    components: int = 12,
    quantile: float = 0.99,
) -> FeatureReference:
    """Return the Gaussian of the training images' features, few directions free.

    Args:
        features: Shape (N, C), pooled features of training images.
        components: Directions with a variance of their own; the rest share one.
        held_out: Shape (M, C), of images that the network did not learn from.
        quantile: Of the distances of these, which lie farther out than what was learned
            from: where the limit lies.

    References:
        Tipping and Bishop, Probabilistic principal component analysis, 1999.
        Lee et al., A simple unified framework for detecting out-of-distribution
        samples, NeurIPS 2018.
    """
    x = np.asarray(features, dtype=np.float64)
    mean = x.mean(axis=0)
    _, singular, directions = np.linalg.svd(x - mean, full_matrices=False)
    variances = singular**2 / max(len(x) - 1, 1)
    kept = min(components, len(variances) - 1)
    rest = float(variances[kept:].sum() / max(x.shape[1] - kept, 1))
    draft = FeatureReference(
        mean=tuple(mean.tolist()),
        components=tuple(tuple(row) for row in directions[:kept].tolist()),
        variances=tuple(float(max(v, 1e-9)) for v in variances[:kept]),
        residual_variance=max(rest, 1e-9),
        max_distance=float("inf"),
    )
    limit = float(np.quantile(feature_distances(held_out, draft), quantile))
    return FeatureReference(
        draft.mean,
        draft.components,
        draft.variances,
        draft.residual_variance,
        limit,
    )


def feature_distances(
    features: NDArray[np.floating], reference: FeatureReference
) -> Array:
    """Return each image's distance from the training images, about 1 for one of them.

    Args:
        features: Shape (N, C).
        reference: Their Gaussian.

    Returns:
        Shape (N,): root mean square of the standardised coordinates.
    """
    centred = np.asarray(features, dtype=np.float64) - np.array(reference.mean)
    directions = np.array(reference.components).reshape(-1, centred.shape[1])  # (K, C)
    along = centred @ directions.T  # (N, K)
    residual = (centred**2).sum(axis=1) - (along**2).sum(axis=1)
    squared = (along**2 / np.array(reference.variances)).sum(axis=1)
    squared += residual.clip(min=0) / reference.residual_variance
    distances: Array = np.sqrt(squared / centred.shape[1])
    return distances
