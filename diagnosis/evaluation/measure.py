"""Everything that is measured of an entry on labelled images, as one document.

Each image is decoded once and read many times, each time through the very path that
serves: as it is, with its lungs covered, and after every change of `changes`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool
from diagnosis.evaluation.changes import (
    CHANGES,
    Change,
    changed,
    covered,
    remembered,
)
from diagnosis.evaluation.curves import (
    abstention_curve,
    answers_by_truth,
    by_class,
    decision_curve,
    operating_points,
    precision_recall_points,
    reliability,
    roc_points,
)
from diagnosis.evaluation.possible import left_open
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import Conformal, ModelEntry
from diagnosis.inference.neighbours import square_of
from diagnosis.inference.predict import Reading, read_series
from diagnosis.training.compare import paired_difference
from diagnosis.training.dataset import label_indices, series_of, unreadable
from diagnosis.training.manifest import LabelledImage, groups_of
from diagnosis.training.metrics import (
    SPECIFICITY,
    Answers,
    auprc,
    draws_of,
    figures,
    interval,
    sensitivity_at,
)
from hospital.core.phrases import phrase

FloatArray = NDArray[np.float32]
Progress = Callable[[int, int], None]
AS_IT_IS, COVERED = "as_it_is", "covered"
MAP_IMAGES = 32
MIN_OF_A_PART = 5  # images: fewer have no figures worth showing
MAX_PARTS = 40
AGE = "age_years"  # a column of whole years, of which `90+` is the last: told in bands
AGE_BANDS = ((0, 17), (18, 39), (40, 59), (60, 74))


@dataclass(slots=True)
class Read:
    """What an entry said of every image, by what was done to it first.

    Attributes:
        readings: One list a change, one reading an image.
        sides: The shorter side of each image's key slice, pixels.
        squares: Of some images' key slices, for the maps.
    """

    readings: dict[str, list[Reading]] = field(default_factory=dict)
    sides: list[int] = field(default_factory=list)
    squares: list[FloatArray] = field(default_factory=list)


def read_images(
    images: Sequence[LabelledImage],
    *,
    entry: ModelEntry,
    engine: Engine,
    pool: DecoderPool,
    changes: Mapping[str, Change] = CHANGES,
    progress: Progress = lambda _done, _of: None,
) -> Read:
    """Return what an entry says of images, and of what becomes of them.

    Raises:
        ManifestError: An image cannot be read.
    """
    ways = {COVERED: covered, **changes} if changes else {}
    apart = max(len(images) // MAP_IMAGES, 1)
    read = Read({name: [] for name in (AS_IT_IS, *ways)})
    for number, image in enumerate(images):
        try:
            series = remembered(series_of(image, pool))
            first = read_series(entry, engine, series)
            read.readings[AS_IT_IS].append(first)
            for name, way in ways.items():
                other = read_series(entry, engine, changed(series, way))
                read.readings[name].append(other)
        except DicomRefused as refusal:
            raise unreadable(image, refusal) from refusal
        grey = series.slices[first.key_slice](entry.preprocessing).grey
        read.sides.append(min(grey.shape))
        if number % apart == 0 and len(read.squares) < MAP_IMAGES:
            read.squares.append(square_of(series, first.key_slice, entry.preprocessing))
        progress(number + 1, len(images))
    return read


def answers_read(
    images: Sequence[LabelledImage], readings: Sequence[Reading], *, entry: ModelEntry
) -> Answers:
    """Return readings as answers to judge.

    Raises:
        ManifestError: A label is none of the model's.
    """
    return Answers(
        probabilities=np.array([list(r.probabilities.values()) for r in readings]),
        truth=label_indices(images, labels=entry.labels),
        groups=groups_of(images),
        abstained=np.array([r.abstained for r in readings]),
    )


def document(
    images: Sequence[LabelledImage],
    read: Read,
    *,
    entry: ModelEntry,
    engine: Engine,
    positive: str,
    has_maps: bool = True,
    told: Callable[[str, float], None] = lambda _words, _share: None,
) -> dict[str, object]:
    """Return all figures as JSON.

    Args:
        images: That were read.
        read: What the entry said of them.
        entry: The model.
        engine: That serves it.
        positive: The label that counts as found.
        has_maps: Whether the maps are put to the test, which takes torch.
        told: Told how far the work is.
    """
    told(phrase("drawing patients"), 0.0)
    index = entry.labels.index(positive)
    answers = answers_read(images, read.readings[AS_IT_IS], entry=entry)
    result = curves_of(answers, labels=entry.labels, positive=index)
    conformal = _conformal(entry, read.readings[AS_IT_IS])
    if conformal:
        result["left_open"] = left_open(answers, conformal, labels=entry.labels)
    result["parts"] = _parts(images, read.sides, answers, positive=index)
    others = {
        name: answers_read(images, readings, entry=entry)
        for name, readings in read.readings.items()
        if name != AS_IT_IS
    }
    if COVERED in others:
        result["covered"] = _beside(answers, others.pop(COVERED), positive=index)
        result["changes"] = [
            {"change": name, **_beside(answers, other, positive=index)}
            for name, other in others.items()
        ]
    if has_maps and read.squares:
        from diagnosis.evaluation.maps import map_sanity  # noqa: PLC0415 (torch)

        sanity = map_sanity(
            np.stack(read.squares),
            entry=entry,
            engine=engine,
            progress=lambda done, of: told(phrase("testing the maps"), done / of),
        )
        result["maps"] = {k: round(v, 4) for k, v in asdict(sanity).items()}
    return result


def curves_of(
    answers: Answers, *, labels: Sequence[str], positive: int
) -> dict[str, object]:
    """Return the figures and curves of answers; curves only where both kinds are."""
    is_positive = answers.truth == positive
    p = answers.probabilities[:, positive]
    result: dict[str, object] = {
        "positive": labels[positive],
        "labels": list(labels),
        "n": len(answers.truth),
        "patients": len(set(answers.groups)),
        "positives": int(is_positive.sum()),
        "figures": asdict(figures(answers, positive=positive)),
        "classes": by_class(answers, labels=labels),
        "confusion": answers_by_truth(answers, labels=labels),
        "abstention": abstention_curve(answers, positive=positive),
        "given": _given(answers),
    }
    if is_positive.all() or not is_positive.any():
        return result
    return {
        **result,
        "auprc": auprc(p, is_positive),
        "intervals": _intervals(answers, positive=positive),
        "roc": roc_points(p, is_positive),
        "precision_recall": precision_recall_points(p, is_positive),
        "reliability": reliability(p, is_positive),
        "decision": decision_curve(p, is_positive),
        "points": [asdict(point) for point in operating_points(p, is_positive)],
    }


def _conformal(entry: ModelEntry, readings: Sequence[Reading]) -> Conformal | None:
    """Return the limit for what was read; None for slices and series together."""
    kinds = {reading.slices_read > 1 for reading in readings}
    if len(kinds) != 1:
        return None
    fitted = entry.for_series if kinds.pop() else entry.for_slices
    return fitted.conformal if fitted else None


def _given(answers: Answers) -> dict[str, float | None]:
    given = ~answers.abstained
    right = answers.probabilities.argmax(axis=1) == answers.truth
    return {
        "n": int(given.sum()),
        "accuracy": float(right[given].mean()) if given.any() else None,
    }


def _intervals(
    answers: Answers, *, positive: int
) -> dict[str, tuple[float, float] | None]:
    """Return 95 % intervals by a bootstrap over patients."""
    is_positive = answers.truth == positive
    p = answers.probabilities[:, positive]
    right = answers.probabilities.argmax(axis=1) == answers.truth
    drawn: dict[str, list[float]] = {
        name: [] for name in ("auprc", "sensitivity_at_90_specificity", "accuracy")
    }
    drawn["brier"] = []
    for chosen in draws_of(answers.groups, seed=0):
        found = (
            auprc(p[chosen], is_positive[chosen]),
            sensitivity_at(p[chosen], is_positive[chosen], SPECIFICITY),
            float(right[chosen].mean()),
            float(((p[chosen] - is_positive[chosen]) ** 2).mean()),
        )
        for name, value in zip(drawn, found, strict=True):
            if value is not None:
                drawn[name].append(value)
    return {name: interval(values) for name, values in drawn.items()}


def _beside(answers: Answers, other: Answers, *, positive: int) -> dict[str, object]:
    """Return how the answers to changed images differ from those to the same as is."""
    p, changed_p = (a.probabilities[:, positive] for a in (answers, other))
    difference = paired_difference(
        changed_p, p, answers.truth == positive, groups=answers.groups
    )
    return {
        "auroc": difference.auroc if difference else None,
        "difference": difference.difference if difference else None,
        "ci95": list(difference.ci95) if difference else None,
        "own_ci95": figures(other, positive=positive).auroc_ci95,
        "moved": round(float(np.abs(changed_p - p).mean()), 4),
        "shift": round(float((changed_p - p).mean()), 4),
        "answered": round(float((~other.abstained).mean()), 4),
    }


def _parts(
    images: Sequence[LabelledImage],
    sides: Sequence[int],
    answers: Answers,
    *,
    positive: int,
) -> list[dict[str, object]]:
    """Return the figures of each source, of further columns, and of small images."""
    named: dict[tuple[str, str], list[int]] = {}
    middle = int(np.median(sides))
    for number, (image, side) in enumerate(zip(images, sides, strict=True)):
        facts = {"source": image.source, **image.facts}
        if min(sides) < max(sides):
            word = "at least" if side >= middle else "under"
            facts["shorter side, pixels"] = f"{word} {middle}"
        if AGE in facts:
            facts[AGE] = _band(facts[AGE])
        for by, name in facts.items():
            if name:
                named.setdefault((by, name), []).append(number)
    return [
        {"by": by, "name": name, **_part(answers, np.array(inside), positive)}
        for (by, name), inside in sorted(named.items())
        if len(inside) >= MIN_OF_A_PART
    ][:MAX_PARTS]


def _band(years: str) -> str:
    """Return the band of an age; what is no age stays as it is."""
    number = years.removesuffix("+")
    if not number.isdecimal():
        return years
    for low, high in AGE_BANDS:
        if int(number) <= high:
            return f"{low} to {high}" if low else f"under {high + 1}"
    return f"at least {AGE_BANDS[-1][1] + 1}"


def _part(
    answers: Answers, inside: NDArray[np.intp], positive: int
) -> dict[str, object]:
    own = Answers(
        answers.probabilities[inside],
        answers.truth[inside],
        [answers.groups[index] for index in inside.tolist()],
        answers.abstained[inside],
    )
    found = figures(own, positive=positive)
    return {
        "n": found.n,
        "patients": len(set(own.groups)),
        "auroc": found.auroc,
        "auroc_ci95": found.auroc_ci95,
        "accuracy": found.accuracy,
        "recall": found.recall,
        "abstained": found.abstained,
        "positives": int((own.truth == positive).sum()),
    }
