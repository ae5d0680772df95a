"""A search among recipes: each judged by patients it did not learn from.

Judged are the training patients alone, dealt to folds, so that the validation split is as
unseen by the search as by the learning. Every trial is kept in a journal beside the
entry: a search that was cut off goes on, and more trials may follow.

References:
    Akiba et al., Optuna, KDD 2019. Bergstra et al., Algorithms for hyper-parameter
    optimization, NeurIPS 2011 (the sampler).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any  # Any: values of several kinds, and optuna's own

import numpy as np

from diagnosis.training.checkpoint import fingerprint
from diagnosis.training.crossval import held_out_margins
from diagnosis.training.learning import Learning
from diagnosis.training.manifest import ManifestError
from diagnosis.training.metrics import auroc
from diagnosis.training.recipe import NO_TEXTS, Recipe, Step
from diagnosis.training.recipefile import check, kinds_of
from diagnosis.training.splits import Split
from diagnosis.training.team import team_of

Space = Mapping[str, Sequence[Any]]
TRAINING: Space = {
    "learning_rate": [3e-4, 1e-2],
    "weight_decay": [1e-3, 0.3],
    "label_smoothing": [0.0, 0.15],
    "mix_strength": [0.0, 0.5],
    "cut_share": [0.0, 0.5],
}
PROBE: Space = {"strength": [1e-4, 1.0]}
RATIO = 10  # of a range's ends, from which on it is searched by its logarithm


@dataclass(frozen=True, slots=True)
class Trial:
    """One recipe tried, and its mean AUROC over the repeats."""

    choices: dict[str, Any]
    auroc: float


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found.

    Attributes:
        best: The trial chosen.
        trials: All of them, in their order.
        repeats: Of cross-validation over the training patients.
        folds: Of each repeat.
    """

    best: Trial
    trials: tuple[Trial, ...]
    repeats: int
    folds: int


def space_of(recipe: Recipe, asked: Mapping[str, Any]) -> Space:
    """Return what is searched: the recipe file's `[search]`, else what mostly matters.

    Raises:
        ManifestError: A name is no choice of the recipe, or its values are no range of
            two numbers and no list of words.
    """
    kinds = kinds_of(recipe.probe or recipe.train)
    space = {}
    for name, values in asked.items():
        if not isinstance(values, list) or len(values) < 2:
            message = f"search.{name}: say [low, high], or two words or more"
            raise ManifestError(message)
        for value in values:
            check({name: value}, kinds, where="search.")
            changed(recipe, {name: value})
        kind = kinds[name]
        if kind in (int, float) and (len(values) != 2 or values[0] >= values[1]):
            message = f"search.{name} = {values}: say [low, high]"
            raise ManifestError(message)
        space[name] = [kind(value) for value in values]
    return space or (PROBE if recipe.probe else TRAINING)


def changed(recipe: Recipe, choices: Mapping[str, Any]) -> Recipe:
    """Return the recipe with other choices of learning.

    Raises:
        ManifestError: They make no sense.
    """
    try:
        if recipe.probe:
            return replace(recipe, probe=replace(recipe.probe, **choices))
        return replace(recipe, train=replace(recipe.train, **choices))
    except (ValueError, TypeError) as error:
        raise ManifestError(str(error)) from error


def searched(learning: Learning, train: Split, *, positive: int) -> Searched:
    """Return the best of the recipes tried, and every one of them.

    Args:
        learning: The recipe to begin from, its space and its number of trials, those of
            an earlier search among them.
        train: The training patients, who alone judge.
        positive: Index of the label that counts as found.

    Raises:
        ManifestError: Optuna is not installed, or several processes learn together.
    """
    if team_of().size > 1:
        message = "--search runs in one process: search first, then start torchrun"
        raise ManifestError(message)
    recipe, space, trials = (
        learning.recipe,
        learning.recipe.space,
        learning.recipe.trials,
    )
    journal = learning.store / recipe.name / f".{recipe.version}.search"
    plain = replace(recipe, trials=0, texts=NO_TEXTS)
    study = _study(journal, fingerprint(train.examples, plain))
    done = _trials(study)
    while len(done) < trials:
        asked = _asked(study, space, seed=recipe.train.seed + len(done))
        choices = {name: asked.params[name] for name in space}
        tried = replace(learning, recipe=changed(recipe, choices))
        area = _judged(tried, train, positive, title=f"trial {len(done) + 1}")
        study.tell(asked, area)
        done = _trials(study)
        step = Step(
            f"trial {len(done)} of {trials}, AUROC {area:.3f}",
            len(done) / trials,
            run="search",
            number=len(done),
            scalars={"auroc": area},
        )
        learning.report(step)
    best = max(done, key=lambda trial: trial.auroc)
    return Searched(best, tuple(done), max(recipe.repeats, 1), recipe.folds)


def _study(journal: Path, mark: str) -> Any:  # Any: a study of optuna
    """Return the study of this recipe and these patients, trials cut off ended."""
    try:
        import optuna  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = "--search needs optuna: install the extra 'experiments'"
        raise ManifestError(message) from error
    from optuna.storages import JournalStorage  # noqa: PLC0415
    from optuna.storages.journal import (  # noqa: PLC0415
        JournalFileBackend,
        JournalFileOpenLock,
    )

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    lock = JournalFileOpenLock(str(journal))
    backend = JournalFileBackend(str(journal), lock_obj=lock)
    study = optuna.create_study(
        storage=JournalStorage(backend),
        study_name=mark[:16],
        direction="maximize",
        load_if_exists=True,
    )
    for trial in study.get_trials(states=(optuna.trial.TrialState.RUNNING,)):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
    return study


def _asked(study: Any, space: Space, *, seed: int) -> Any:  # Any: optuna's
    """Return a trial with its choices; the same after a cut as without one."""
    import optuna  # noqa: PLC0415 (an extra)

    study.sampler = optuna.samplers.TPESampler(seed=seed)
    trial = study.ask()
    for name, values in space.items():
        low, high = values[0], values[-1]
        if any(type(value) not in (int, float) for value in values):
            trial.suggest_categorical(name, values)
        elif all(type(value) is int for value in values):
            trial.suggest_int(name, low, high)
        else:
            is_wide = low > 0 and high / low >= RATIO
            trial.suggest_float(name, low, high, log=is_wide)
    return trial


def _trials(study: Any) -> list[Trial]:  # Any: a study of optuna
    import optuna  # noqa: PLC0415 (an extra)

    finished = study.get_trials(states=(optuna.trial.TrialState.COMPLETE,))
    return [Trial(dict(trial.params), float(trial.value)) for trial in finished]


def _judged(learning: Learning, train: Split, positive: int, *, title: str) -> float:
    """Return the mean AUROC of a recipe over the repeats."""
    recipe, is_positive = learning.recipe, train.examples.labels == positive
    margins = held_out_margins(
        learning.learner(train.examples, positive=positive, title=title),
        is_positive,
        train.groups,
        repeats=max(recipe.repeats, 1),
        folds=recipe.folds,
        told=lambda share: learning.report(Step(title, share)),
    )
    return float(np.mean([auroc(row, is_positive) for row in margins]))
