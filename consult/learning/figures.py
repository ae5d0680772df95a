"""How well labels were told: precision, recall and F1 of each, and their plain means."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 500
TAIL = 0.025  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Of one label; 0 where nothing was told or nothing was there."""

    n: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all labels that are there; macro means weigh each label alike.

    Attributes:
        confusion: For each true label how often each label was told instead or rightly.
    """

    n: int
    accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    labels: dict[str, LabelFigures]
    confusion: dict[str, dict[str, int]]


def figures(truth: Sequence[str], told: Sequence[str]) -> Figures:
    """Return the figures of what was told against what is true, row by row."""
    pairs = Counter(zip(truth, told, strict=True))
    there = sorted(set(truth))
    labels = {label: _of_label(label, pairs) for label in there}
    right = sum(count for (true, said), count in pairs.items() if true == said)
    return Figures(
        n=len(truth),
        accuracy=_share(right, len(truth)),
        macro_precision=_mean([each.precision for each in labels.values()]),
        macro_recall=_mean([each.recall for each in labels.values()]),
        macro_f1=_mean([each.f1 for each in labels.values()]),
        labels=labels,
        confusion={
            true: {said: n for (t, said), n in sorted(pairs.items()) if t == true}
            for true in there
        },
    )


def gain(
    truth: Sequence[str],
    told: Sequence[str],
    before: Sequence[str],
    *,
    groups: Sequence[str],
    seed: int = 0,
) -> tuple[float, float, float]:
    """Return by how much macro F1 rises from `before` to `told`, with a 95 % interval.

    The interval is a paired bootstrap over groups: twins are drawn together.
    """
    rows_of: dict[str, list[int]] = {}
    for row, group in enumerate(groups):
        rows_of.setdefault(group, []).append(row)
    generator = random.Random(seed)  # noqa: S311 (a resampling, no secret)
    names, gains = sorted(rows_of), []
    for _ in range(RESAMPLES):
        drawn = [
            row
            for name in generator.choices(names, k=len(names))
            for row in rows_of[name]
        ]
        true = [truth[row] for row in drawn]
        after = _macro_f1(true, [told[row] for row in drawn])
        gains.append(after - _macro_f1(true, [before[row] for row in drawn]))
    gains.sort()
    middle = _macro_f1(truth, told) - _macro_f1(truth, before)
    low, high = int(TAIL * RESAMPLES), int((1 - TAIL) * RESAMPLES) - 1
    return middle, gains[low], gains[high]


def _macro_f1(truth: Sequence[str], told: Sequence[str]) -> float:
    pairs = Counter(zip(truth, told, strict=True))
    return _mean([_of_label(label, pairs).f1 for label in sorted(set(truth))])


def _of_label(label: str, pairs: Counter[tuple[str, str]]) -> LabelFigures:
    hits = pairs[label, label]
    there = sum(count for (true, _), count in pairs.items() if true == label)
    said = sum(count for (_, told), count in pairs.items() if told == label)
    return LabelFigures(
        n=there,
        precision=_share(hits, said),
        recall=_share(hits, there),
        f1=_share(2 * hits, there + said),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
