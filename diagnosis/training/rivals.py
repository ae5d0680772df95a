"""A recipe beside its rivals: texture with trees, and itself on covered lungs."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diagnosis.training.checkpoint import fingerprint
from diagnosis.training.crossval import (
    CrossValidation,
    Learner,
    compared,
    held_out_margins,
    trees_learner,
)
from diagnosis.training.examples import Examples, together
from diagnosis.training.learning import Learning
from diagnosis.training.manifest import LabelledImage, ManifestError, groups_of
from diagnosis.training.recipe import NO_TEXTS, Recipe, Step
from diagnosis.training.remembering import remembering
from diagnosis.training.shortcuts import lungs_covered
from diagnosis.training.splits import Split
from diagnosis.training.texture import texture_features

Array = NDArray[np.float64]


def cross_validated(
    learning: Learning, train: Split, val: Split, *, positive: int
) -> CrossValidation:
    """Return how the recipe does over train and val together, beside its rivals."""
    recipe = learning.recipe
    examples = together(train.examples, val.examples)
    is_positive, groups = examples.labels == positive, [*train.groups, *val.groups]
    dealt = dealt_together([*train.images, *val.images], recipe)

    def held_out(learner: Learner, title: str) -> Array:
        return held_out_margins(
            learner,
            is_positive,
            dealt,
            repeats=recipe.repeats,
            folds=recipe.folds,
            told=lambda share: learning.report(Step(title, share)),
        )

    def ours(seen: Examples, title: str) -> Learner:
        return remembering(
            learning.learner(seen, positive=positive, title=title),
            learning.folder / f"{title}.pt",
            mark=fingerprint(seen, (replace(recipe, texts=NO_TEXTS), positive)),
        )

    covered = lungs_covered(examples)
    learners = {
        "folds": ours(examples, "folds"),
        "texture": trees_learner(texture_features(examples.middle), is_positive),
        "folds, lungs covered": ours(covered, "folds, lungs covered"),
    }
    model, texture, blanked = (
        held_out(learner, title) for title, learner in learners.items()
    )
    return compared(
        model,
        texture,
        blanked,
        is_positive=is_positive,
        groups=groups,
        folds=recipe.folds,
        hold_out=recipe.hold_out,
    )


def dealt_together(images: Sequence[LabelledImage], recipe: Recipe) -> list[str]:
    """Return what each image is dealt to a fold with: its patient, or its source.

    Sources that share a patient are one: nobody is learned from and judged by.

    Raises:
        ManifestError: Some rows name no source, or there are fewer apart than folds.
    """
    patients = groups_of(images)
    if recipe.hold_out == "patient":
        return patients
    sources = [image.source for image in images]
    dealt = joined(sources, patients)
    if not all(sources) or len(set(dealt)) < recipe.folds:
        message = (
            f"hold_out = 'source' takes the column source in every row and {recipe.folds} "
            "sources at least, one a fold, that share no patient; there are "
            f"{len(set(dealt) - {''})}"
        )
        raise ManifestError(message)
    return dealt


def joined(sources: Sequence[str], patients: Sequence[str]) -> list[str]:
    """Return each image's source; of those linked by patients, the first by name."""
    first: dict[str, str] = {source: source for source in sources}

    def root(source: str) -> str:
        while first[source] != source:
            source = first[source]
        return source

    seen: dict[str, str] = {}
    for source, patient in zip(sources, patients, strict=True):
        low, high = sorted((root(source), root(seen.setdefault(patient, source))))
        first[high] = low
    return [root(source) for source in sources]
