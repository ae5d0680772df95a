"""One split of a manifest, read into memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.entry import Preprocessing
from diagnosis.training.dataset import load_examples
from diagnosis.training.examples import Examples
from diagnosis.training.manifest import LabelledImage, groups_of, split_of
from diagnosis.training.recipe import Report, Step
from hospital.core.phrases import phrase

READING = {
    "train": phrase("reading the images to learn from"),
    "val": phrase("reading the images to validate on"),
    "test": phrase("reading the images to test on"),
}


@dataclass(frozen=True, slots=True)
class Split:
    """One split of the manifest, loaded."""

    images: Sequence[LabelledImage]
    examples: Examples

    @property
    def groups(self) -> list[str]:
        return groups_of(self.images)


def load_split(
    images: Sequence[LabelledImage],
    name: str,
    *,
    labels: Sequence[str],
    preprocessing: Preprocessing,
    pool: DecoderPool,
    report: Report,
) -> Split:
    """Return a split's images as squares, through the preprocessing that serves.

    Raises:
        ManifestError: The split is missing, or an image cannot be read.
    """
    chosen = split_of(images, name)
    examples = load_examples(
        chosen,
        labels=labels,
        preprocessing=preprocessing,
        pool=pool,
        progress=lambda done, of: report(Step(READING[name], done / of)),
    )
    return Split(chosen, examples)
