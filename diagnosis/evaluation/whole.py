"""A model measured on held-out images: the whole evaluation, as it is kept, or figures.

A command and a renewal both measure by this, so that one page shows either alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from diagnosis.dicom.pool import DecoderPool
from diagnosis.evaluation.kept import FORMAT
from diagnosis.evaluation.measure import (
    AS_IT_IS,
    Progress,
    answers_read,
    document,
    read_images,
)
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.training.compare import Difference, paired_difference
from diagnosis.training.evaluate import answers_of
from diagnosis.training.manifest import LabelledImage
from diagnosis.training.metrics import Answers
from hospital.core.phrases import phrase

Told = Callable[[str, float], None]  # what is done, a phrase, and its share from 0 to 1


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Labelled images that a model did not learn from.

    Attributes:
        positive: The label that counts as found; every model asked knows it.
        split: Theirs in the manifest; two where both are taken together.
        data: What the manifest is called: no whole path, and no patient.
        data_digest: Of the manifest.
    """

    images: Sequence[LabelledImage]
    positive: str
    split: str
    data: str
    data_digest: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A model, and the engine that serves it."""

    entry: ModelEntry
    engine: Engine


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a model.

    Attributes:
        document: All of it, as it is kept; empty where only the answers were asked for.
        answers: To the images as they are.
        difference: From another model; None without one, or without both kinds.
    """

    document: dict[str, object]
    answers: Answers
    difference: Difference | None


def whole_evaluation(
    held: HeldOut,
    *,
    model: Opened,
    against: Opened | None,
    pool: DecoderPool,
    made: date,
    told: Told,
) -> Measured:
    """Return everything that is measured of a model, and how it stands beside another.

    Args:
        held: What is measured on.
        model: What is measured.
        against: The other; None for no comparison.
        pool: Decodes the images.
        made: The day of it.
        told: Told how far the work is; what it raises ends it.

    Raises:
        ManifestError: A label is none of the model's, or an image cannot be read.
    """
    entry, engine = model.entry, model.engine
    read = read_images(
        held.images,
        entry=entry,
        engine=engine,
        pool=pool,
        progress=_reading(entry, told),
    )
    measured = document(
        held.images,
        read,
        entry=entry,
        engine=engine,
        positive=held.positive,
        told=told,
    )
    answers = answers_read(held.images, read.readings[AS_IT_IS], entry=entry)
    difference = _compared(held, answers, model, against, pool, told)
    return Measured(
        {
            "format": FORMAT,
            "model": entry.reference,
            "digest": entry.digest,
            "made": made.isoformat(),
            "data": held.data,
            "data_digest": held.data_digest,
            "split": held.split,
            **measured,
            "comparison": comparison_json(difference, against),
        },
        answers,
        difference,
    )


def answers_alone(
    held: HeldOut,
    *,
    model: Opened,
    against: Opened | None,
    pool: DecoderPool,
    told: Told,
) -> Measured:
    """Return answers and comparison of a model, each image read once: no document.

    Args and errors are those of `whole_evaluation`.
    """
    answers = _answers(held, model, pool, told)
    difference = _compared(held, answers, model, against, pool, told)
    return Measured({}, answers, difference)


def comparison_json(
    difference: Difference | None, against: Opened | None
) -> dict[str, object]:
    """Return a comparison as a document keeps it; empty without one."""
    if difference is None or against is None:
        return {}
    return {
        "against": against.entry.reference,
        "against_digest": against.entry.digest,
        **asdict(difference),
    }


def _compared(
    held: HeldOut,
    answers: Answers,
    model: Opened,
    against: Opened | None,
    pool: DecoderPool,
    told: Told,
) -> Difference | None:
    if against is None:
        return None
    index = model.entry.labels.index(held.positive)
    theirs = _answers(held, against, pool, told)
    return paired_difference(
        answers.probabilities[:, index],
        theirs.probabilities[:, against.entry.labels.index(held.positive)],
        answers.truth == index,
        groups=answers.groups,
    )


def _answers(held: HeldOut, model: Opened, pool: DecoderPool, told: Told) -> Answers:
    return answers_of(
        held.images,
        entry=model.entry,
        engine=model.engine,
        pool=pool,
        progress=_reading(model.entry, told),
    )


def _reading(entry: ModelEntry, told: Told) -> Progress:
    """Return what tells how many images a model has read."""

    def progress(done: int, of: int) -> None:
        words = phrase(
            "%(model)s has read %(done)d of %(of)d images",
            model=entry.reference,
            done=done,
            of=of,
        )
        told(words, done / of)

    return progress
