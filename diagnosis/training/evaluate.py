"""How a stored model does on labelled images, through the very path that serves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.pool import DecoderPool
from diagnosis.evaluation.measure import AS_IT_IS, answers_read, read_images
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.training.manifest import LabelledImage, ManifestError
from diagnosis.training.metrics import Answers, Figures, confusion, figures

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a model on one split.

    Attributes:
        figures: For the positive label, abstentions counted like every answer.
        confusion: Counts by true label, then by predicted label.
        answered: Number of images that were answered, and how often rightly.
        sources: Figures of each source that the manifest names.
    """

    figures: Figures
    confusion: Mapping[str, Mapping[str, int]]
    answered: Mapping[str, float | None]
    sources: Mapping[str, Figures]

    def as_json(
        self,
        *,
        model: str,
        positive: str,
        split: str,
        further: Mapping[str, object] | None = None,
    ) -> dict[str, object]:
        """Return the document of CONTRACTS 1; what is further goes into its report."""
        return {
            "model": model,
            **asdict(self.figures),
            "confusion": self.confusion,
            "report": {
                "positive": positive,
                "split": split,
                "answered": self.answered,
                "sources": {name: asdict(f) for name, f in self.sources.items()},
                **(further or {}),
            },
        }


def evaluate(
    images: Sequence[LabelledImage],
    *,
    entry: ModelEntry,
    engine: Engine,
    positive: str,
    pool: DecoderPool,
    progress: Progress = lambda _done, _of: None,
) -> Evaluation:
    """Return the figures of a model on images that it was not trained on.

    Raises:
        ManifestError: A label is none of the model's, or an image cannot be read.
    """
    answers = answers_of(
        images, entry=entry, engine=engine, pool=pool, progress=progress
    )
    return evaluated(images, answers, entry=entry, positive=positive)


def answers_of(
    images: Sequence[LabelledImage],
    *,
    entry: ModelEntry,
    engine: Engine,
    pool: DecoderPool,
    progress: Progress = lambda _done, _of: None,
) -> Answers:
    """Return what a model says of labelled images.

    Raises:
        ManifestError: A label is none of the model's, or an image cannot be read.
    """
    read = read_images(
        images, entry=entry, engine=engine, pool=pool, changes={}, progress=progress
    )
    return answers_read(images, read.readings[AS_IT_IS], entry=entry)


def evaluated(
    images: Sequence[LabelledImage],
    answers: Answers,
    *,
    entry: ModelEntry,
    positive: str,
) -> Evaluation:
    """Return the figures of answers for one label.

    Raises:
        ManifestError: The label is none of the model's.
    """
    if positive not in entry.labels:
        known = ", ".join(entry.labels)
        message = f"positive label {positive!r} is none of the model's: {known}"
        raise ManifestError(message)
    index = entry.labels.index(positive)
    return Evaluation(
        figures=figures(answers, positive=index),
        confusion=confusion(answers, labels=entry.labels),
        answered=_answered(answers),
        sources=_by_source(images, answers, positive=index),
    )


def _answered(answers: Answers) -> dict[str, float | None]:
    given = ~answers.abstained
    right = answers.probabilities.argmax(axis=1) == answers.truth
    return {
        "n": int(given.sum()),
        "accuracy": float(right[given].mean()) if given.any() else None,
    }


def _by_source(
    images: Sequence[LabelledImage], answers: Answers, *, positive: int
) -> dict[str, Figures]:
    sources = np.array([image.source for image in images])
    return {
        name: figures(
            _only(answers, np.flatnonzero(sources == name)), positive=positive
        )
        for name in sorted(set(sources.tolist()) - {""})
    }


def _only(answers: Answers, inside: NDArray[np.intp]) -> Answers:
    return Answers(
        answers.probabilities[inside],
        answers.truth[inside],
        [answers.groups[index] for index in inside.tolist()],
        answers.abstained[inside],
    )
