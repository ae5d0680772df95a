"""Images with their labels and patients, and how some of the patients are set aside."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.neighbours import middle_of
from diagnosis.training.manifest import ManifestError
from hospital.core.phrases import phrase

FloatArray = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Examples:
    """Images and their labels.

    Attributes:
        squares: Shape (N, S, S), or (N, slices, S, S) with neighbours, in [0, 1].
        labels: Shape (N,), index of the label.
        groups: Whose each image is; empty where nobody knows.
        bags: Of each row its slices' features, shape (slices, C), where a recipe weighs
            the slices of series; else empty.
        covered: The same with the lungs covered.
    """

    squares: FloatArray
    labels: NDArray[np.int64]
    groups: tuple[str, ...] = ()
    bags: tuple[FloatArray, ...] = ()
    covered: tuple[FloatArray, ...] = ()

    @property
    def middle(self) -> FloatArray:
        """Return the slices without their neighbours, shape (N, S, S)."""
        return middle_of(self.squares)

    def chosen(self, indices: Indices) -> "Examples":
        """Return some of the examples."""
        return Examples(
            self.squares[indices],
            self.labels[indices],
            *(
                tuple(rows[index] for index in indices) if rows else ()
                for rows in (self.groups, self.bags, self.covered)
            ),
        )


def together(first: Examples, second: Examples) -> Examples:
    """Return both, one after the other."""
    return Examples(
        np.concatenate([first.squares, second.squares]),
        np.concatenate([first.labels, second.labels]),
        first.groups + second.groups,
        first.bags + second.bags,
        first.covered + second.covered,
    )


def set_aside(
    examples: Examples, *, share: float, seed: int
) -> tuple[Examples, Examples]:
    """Return those to learn from and those to watch: no patient is among both.

    Args:
        examples: Where patients are not known, each image counts as one.
        share: Of each label's patients, rounded up: those watched.
        seed: Of the draw.

    Raises:
        ManifestError: A label has one patient alone.
    """
    groups = np.array(examples.groups or [str(i) for i in range(len(examples.labels))])
    names, first = np.unique(groups, return_index=True)
    label_of = examples.labels[first]  # a patient of two labels counts for the first
    generator = np.random.default_rng(seed)
    watched: list[str] = []
    for label in np.unique(examples.labels):
        patients = generator.permutation(names[label_of == label])
        count = math.ceil(share * len(patients))
        if count >= len(patients):
            message = phrase(
                "early stopping watches patients set aside: each label needs more of "
                "them; or leave patience out"
            )
            raise ManifestError(message)
        watched += patients[:count].tolist()
    is_watched = np.isin(groups, watched)
    return (
        examples.chosen(np.flatnonzero(~is_watched)),
        examples.chosen(np.flatnonzero(is_watched)),
    )
