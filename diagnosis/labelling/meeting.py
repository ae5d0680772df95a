"""Which of two readers' marks mean the same thing, and which nobody else has drawn.

Readers seldom choose the same slice for a finding: a mark meets another of the same
label in the same series up to a few slices away.

References:
    Shih et al., Augmenting the NIH chest radiograph dataset with expert annotations of
    possible pneumonia, Radiology: Artificial Intelligence 1 (2019): boxes count as the
    same from an overlap of 0.4 on, the least of that challenge's bounds.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from diagnosis.labelling.regions import Overlap, Region, overlap

LEAST_OVERLAP = 0.4  # IoU
NEAR_MM = 10.0  # between the slices of two marks of one finding


@dataclass(frozen=True, slots=True)
class Mark:
    """A region, what it shows, and where in the study it lies.

    Attributes:
        image: Names the slice.
        position_mm: Of the slice along the body; None where that is not known.
    """

    region: Region
    answer: str
    series: Hashable
    image: Hashable
    position_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """How two readers' marks of one study lie to each other, each mark counted.

    Attributes:
        overlaps: Of each mark that shares a pixel with one of the other reader, the best.
        lone: How many share none.
    """

    overlaps: tuple[Overlap, ...] = ()
    lone: int = 0

    @property
    def lies_apart(self) -> bool:
        """Whether a third person should look: a mark that the other reader has not."""
        return self.lone > 0 or any(one.iou < LEAST_OVERLAP for one in self.overlaps)


def meeting(ours: Sequence[Mark], theirs: Sequence[Mark]) -> Meeting:
    """Return how two readers' marks of one study lie to each other."""
    best = [*_best(ours, theirs), *_best(theirs, ours)]
    found = tuple(one for one in best if one)
    return Meeting(found, len(best) - len(found))


def _best(marks: Sequence[Mark], others: Sequence[Mark]) -> Iterator[Overlap | None]:
    for mark in marks:
        met = [
            overlap([mark.region], [other.region])
            for other in others
            if _may_mean_the_same(mark, other)
        ]
        shared = [one for one in met if one and one.iou > 0]
        yield max(shared, key=lambda one: one.iou, default=None)


def _may_mean_the_same(a: Mark, b: Mark) -> bool:
    if (a.answer, a.series) != (b.answer, b.series) or not _touch(a.region, b.region):
        return False
    if a.image == b.image:
        return True
    if a.position_mm is None or b.position_mm is None:
        return False
    return abs(a.position_mm - b.position_mm) <= NEAR_MM


def _touch(a: Region, b: Region) -> bool:
    left, top, right, bottom = a.bounds
    other_left, other_top, other_right, other_bottom = b.bounds
    across = left < other_right and other_left < right
    return across and top < other_bottom and other_top < bottom
