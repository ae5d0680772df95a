"""What a score would be without looking at the lungs: the shortcut controls.

Images collected from papers differ by source in size, shape, window and marks, and the
source goes with the class. A control near the model's score says that the score is not
about lungs; it is reported beside every score.

References:
    DeGrave et al., AI for radiographic COVID-19 detection selects shortcuts over
    signal, Nature Machine Intelligence 2021.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import (
    LogisticRegression,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from diagnosis.training.examples import Examples
from diagnosis.training.manifest import LabelledImage

FloatArray = NDArray[np.float32]
# One ellipse for every image, so that its outline says nothing about the class. It
# covers the lungs of axial chest slices; chest wall, table, margins and marks remain.
COVER_WIDTH, COVER_HEIGHT = 0.92, 0.80
COVER_GREY = 0.5


@dataclass(frozen=True, slots=True)
class Controls:
    """AUROC of models that saw no lungs.

    Attributes:
        same_model_blanked: The model itself, on images with the lungs covered.
        trained_on_blanked: The same network, trained and tested on covered images;
            None when it was not trained.
        file_facts: A logistic regression on width, height, aspect and file size.
        grey_levels: A logistic regression on ten quantiles of the grey values.
    """

    same_model_blanked: float | None
    trained_on_blanked: float | None
    file_facts: float | None
    grey_levels: float | None


def lungs_blanked(squares: FloatArray) -> FloatArray:
    """Return squares with an ellipse over the lungs painted grey.

    Args:
        squares: Shape (N, S, S), or (N, slices, S, S), in [0, 1].
    """
    H, W = squares.shape[-2:]
    y = (np.arange(H)[:, None] + 0.5) / H * 2 - 1
    x = (np.arange(W)[None, :] + 0.5) / W * 2 - 1
    inside = (x / COVER_WIDTH) ** 2 + (y / COVER_HEIGHT) ** 2 <= 1
    blanked = squares.copy()
    blanked[..., inside] = COVER_GREY
    return blanked


def lungs_covered(examples: Examples) -> Examples:
    """Return the same examples with the lungs covered in all that is seen of them."""
    return replace(
        examples,
        squares=lungs_blanked(examples.squares),
        bags=examples.covered,
    )


def file_facts(
    images: Sequence[LabelledImage], sizes: Sequence[tuple[int, int]]
) -> NDArray[np.float64]:
    """Return what a file betrays without its picture, shape (N, 5).

    Args:
        images: Of a manifest.
        sizes: Rows and columns of each.
    """
    return np.array(
        [
            [
                np.log(rows),
                np.log(columns),
                np.log(columns / rows),
                np.log(image.size_bytes),
                np.log(image.size_bytes / (rows * columns)),
            ]
            for image, (rows, columns) in zip(images, sizes, strict=True)
        ]
    )


def grey_levels(squares: FloatArray) -> NDArray[np.float64]:
    """Return ten quantiles of each square's grey values, shape (N, 10)."""
    flat = squares.reshape(len(squares), -1)
    return np.quantile(flat, np.linspace(0.05, 0.95, 10), axis=1).T.astype(np.float64)


def control_probabilities(
    train: NDArray[np.float64],
    is_positive: NDArray[np.bool_],
    held_out: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what a logistic regression on simple facts says of held-out images."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(train, is_positive)
    p: NDArray[np.float64] = model.predict_proba(held_out)[:, 1]
    return p
