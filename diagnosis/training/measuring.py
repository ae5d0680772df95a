"""What is measured of a network on the validation split, before it becomes an entry."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.evaluation.measure import curves_of
from diagnosis.evaluation.possible import left_open
from diagnosis.inference.calibrate import (
    fit_reference,
    fit_scaling,
    grey_zone,
    out_of_fold_probabilities,
)
from diagnosis.inference.conformal import fit_conformal
from diagnosis.inference.entry import Calibration, FeatureReference
from diagnosis.training.candidate import Candidate
from diagnosis.training.dataset import image_sizes
from diagnosis.training.learning import Learned, margins, scores_of
from diagnosis.training.metrics import Answers, auroc, figures
from diagnosis.training.recipe import Report
from diagnosis.training.shortcuts import (
    Controls,
    control_probabilities,
    file_facts,
    grey_levels,
    lungs_covered,
)
from diagnosis.training.splits import Split
from diagnosis.training.whole_series import (
    LEAST_PATIENTS,
    Served,
    patients_by_label,
    series_logits,
)
from hospital.core.phrases import phrase

Array = NDArray[np.float64]


def measured(
    candidate: Candidate, labels: Sequence[str], pool: DecoderPool
) -> tuple[Calibration, dict[str, object]]:
    """Return a network's calibration, and its figures on the validation split."""
    val, positive = candidate.val, candidate.positive
    logits = candidate.learning.logits(candidate.learned, val.examples)
    reference = fit_reference(
        _features(candidate, candidate.train), _features(candidate, val)
    )
    coverage = candidate.learning.recipe.coverage
    calibration, p = calibrated(
        logits, val, positive=positive, reference=reference, coverage=coverage
    )
    figures = judged(p, val, calibration, labels=labels, positive=positive)
    served = _served(candidate)
    if served is not None:
        calibration, figures["whole_series"] = with_series(
            calibration,
            val,
            served,
            labels=labels,
            coverage=coverage,
            pool=pool,
            report=candidate.learning.report,
        )
    return calibration, {
        **figures,
        "controls": asdict(_controls(candidate, pool)),
        "views": _views(candidate),
    }


def calibrated(
    logits: NDArray[np.floating],
    split: Split,
    *,
    positive: int,
    reference: FeatureReference | None,
    coverage: float,
) -> tuple[Calibration, Array]:
    """Return the calibration, and the held-out probabilities it is judged by.

    Args:
        logits: Shape (N, labels), of images that the network did not learn from.
        split: These images.
        positive: Index of the label that counts as found.
        reference: Where the features of those lie that it did learn from.
        coverage: The share of patients for whom the truth shall be left open.
    """
    truth = split.examples.labels
    p = out_of_fold_probabilities(logits, truth, groups=split.groups)
    low, high = grey_zone(p[:, positive], truth == positive)
    temperature, scales, offsets = fit_scaling(logits, truth)
    calibration = Calibration(
        temperature=temperature,
        grey_low=low,
        grey_high=high,
        reference=reference,
        scales=scales,
        offsets=offsets,
        conformal=fit_conformal(p, truth, groups=split.groups, coverage=coverage),
        fitted_on=len(truth),
    )
    return calibration, p


def with_series(
    calibration: Calibration,
    split: Split,
    served: Served,
    *,
    labels: Sequence[str],
    coverage: float,
    pool: DecoderPool,
    report: Report,
) -> tuple[Calibration, dict[str, object]]:
    """Return a calibration of slices with one of whole series, where there are enough.

    Args:
        calibration: Of single slices.
        split: Some rows of which are series of several slices.
        served: What answers.
        labels: Of the model.
        coverage: The share of patients for whom the truth shall be left open.
        pool: Decodes the slices.
        report: Told how far the work is.

    Returns:
        The calibration, and what it rests on: how many series, of how many patients each
        label has, how many it takes, and the figures of `judged` where those were there.
    """
    rows, logits = series_logits(split, served, labels=labels, pool=pool, report=report)
    found: dict[str, object] = {
        "series": len(rows.images),
        "patients": patients_by_label(rows.images, labels),
        "needed": LEAST_PATIENTS,
    }
    if logits is None:
        return calibration, found
    of_series, p = calibrated(
        logits, rows, positive=served.positive, reference=None, coverage=coverage
    )
    told = judged(p, rows, of_series, labels=labels, positive=served.positive)
    return replace(calibration, series=of_series), {**found, **told}


def judged(
    probabilities: Array,
    split: Split,
    calibration: Calibration,
    *,
    labels: Sequence[str],
    positive: int,
) -> dict[str, object]:
    """Return the figures of probabilities, each by a calibration of other patients."""
    answers, conformal = _answers(probabilities, split), calibration.conformal
    return {
        "figures": asdict(figures(answers, positive=positive)),
        "evaluation": {
            "split": split.images[0].split,
            **curves_of(answers, labels=labels, positive=positive),
            "left_open": left_open(answers, conformal, labels=labels)
            if conformal
            else None,
        },
        "conformal": asdict(conformal) if conformal else None,
        "sources": _by_source(probabilities, split, positive),
        "grey_zone": _zone_figures(probabilities, split, calibration, positive),
    }


def _served(candidate: Candidate) -> Served | None:
    """Return what answers series; None where a network learned to weigh slices."""
    recipe = candidate.learning.recipe
    if recipe.series.is_attention:
        return None
    return Served(
        network=candidate.network,
        preprocessing=candidate.learning.preprocessing,
        views=recipe.views,
        aggregation=recipe.texts.aggregation,
        limits=recipe.texts.limits,
        positive=candidate.positive,
    )


def _features(candidate: Candidate, split: Split) -> NDArray[np.float32]:
    """Return the features of a split: of its slices, or of all of each series."""
    examples = split.examples
    if examples.bags:
        return np.concatenate(examples.bags)
    return candidate.learning.scores(candidate.network, examples.squares).features


def _answers(probabilities: Array, split: Split) -> Answers:
    return Answers(
        probabilities=probabilities,
        truth=split.examples.labels,
        groups=split.groups,
        abstained=np.zeros(len(split.images), dtype=np.bool_),
    )


def _by_source(
    probabilities: Array, split: Split, positive: int
) -> dict[str, dict[str, object]]:
    """Return the figures of each source that the manifest names."""
    sources = np.array([image.source for image in split.images])
    result = {}
    for name in sorted(set(sources.tolist()) - {""}):
        inside = np.flatnonzero(sources == name)
        answers = Answers(
            probabilities[inside],
            split.examples.labels[inside],
            [split.groups[index] for index in inside],
            np.zeros(len(inside), dtype=np.bool_),
        )
        result[name] = asdict(figures(answers, positive=positive))
    return result


def _zone_figures(
    probabilities: Array, split: Split, calibration: Calibration, positive: int
) -> dict[str, float]:
    p = probabilities[:, positive]
    given = (p <= calibration.grey_low) | (p >= calibration.grey_high)
    right = (p >= 0.5) == (split.examples.labels == positive)
    return {
        "low": calibration.grey_low,
        "high": calibration.grey_high,
        "withheld_share": float(1 - given.mean()),
        "accuracy_of_answers_given": float(right[given].mean()) if given.any() else 0.0,
    }


def _views(candidate: Candidate) -> dict[str, float | int | None]:
    """Return what looking at several views of a slice does to the ranking."""
    examples, learning = candidate.val.examples, candidate.learning
    truth = examples.labels == candidate.positive
    one = scores_of(candidate.network, examples.squares, learning.preprocessing)
    all_views = learning.scores(candidate.network, examples.squares)
    areas = [
        auroc(margins(scores.logits, candidate.positive), truth)
        for scores in (one, all_views)
    ]
    count = len(learning.recipe.views.each)
    return {"count": count, "one_view_auroc": areas[0], "auroc": areas[1]}


def _controls(candidate: Candidate, pool: DecoderPool) -> Controls:
    learning, positive = candidate.learning, candidate.positive
    train, val = candidate.train, candidate.val
    truth = val.examples.labels == positive
    in_train = train.examples.labels == positive
    blanked = lungs_covered(val.examples)

    def area(learned: Learned) -> float | None:
        return auroc(margins(learning.logits(learned, blanked), positive), truth)

    trained = None
    if learning.recipe.has_blanked_training:
        trained = area(
            learning.learned(lungs_covered(train.examples), phrase("control"))
        )
    facts = [
        file_facts(split.images, image_sizes(split.images, pool))
        for split in (train, val)
    ]
    greys = [grey_levels(split.examples.middle) for split in (train, val)]
    return Controls(
        same_model_blanked=area(candidate.learned),
        trained_on_blanked=trained,
        file_facts=auroc(control_probabilities(facts[0], in_train, facts[1]), truth),
        grey_levels=auroc(control_probabilities(greys[0], in_train, greys[1]), truth),
    )
