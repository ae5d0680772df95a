"""Folds that were judged before a cut are not judged again."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from diagnosis.training.crossval import Indices, Learner
from diagnosis.training.team import team_of

Array = NDArray[np.float64]


def remembering(learner: Learner, path: Path, *, mark: str) -> Learner:
    """Return the learner, each fold's answers kept in a file as soon as they are there.

    Args:
        learner: Asked only about folds that the file does not hold.
        path: Holds the folds of one mark; another's are forgotten.
        mark: Tells the recipe and its images from others.
    """
    team = team_of()
    kept: dict[int, torch.Tensor] = {}
    if path.is_file():
        state = torch.load(path, weights_only=True)
        kept = state["folds"] if state["mark"] == mark else {}
    team.wait()  # all begin with the same folds

    def learn(train: Indices, held: Indices, seed: int) -> Array:
        if seed not in kept:
            kept[seed] = torch.from_numpy(learner(train, held, seed))
            if team.is_first:
                path.parent.mkdir(parents=True, exist_ok=True)
                draft = path.with_suffix(".draft")
                torch.save({"mark": mark, "folds": kept}, draft)
                draft.replace(path)
        margins: Array = kept[seed].numpy()
        return margins

    return learn
