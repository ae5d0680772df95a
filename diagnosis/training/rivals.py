"""A recipe beside its rivals: texture with trees, and itself on covered lungs."""

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
from diagnosis.training.recipe import NO_TEXTS, Step
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

    def held_out(learner: Learner, title: str) -> Array:
        return held_out_margins(
            learner,
            is_positive,
            groups,
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
    )
