"""A recipe at work: from examples to a network, by whichever way the recipe names."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from diagnosis.inference.attention import Attention
from diagnosis.inference.engines import Scores
from diagnosis.inference.entry import NetworkShape, Preprocessing, Views
from diagnosis.inference.network import ServedNetwork, SliceNetwork
from diagnosis.inference.preprocess import network_input
from diagnosis.training.crossval import Indices, Learner
from diagnosis.training.distil import Teacher
from diagnosis.training.ensemble import joined
from diagnosis.training.examples import Examples
from diagnosis.training.fit import Epoch, fit
from diagnosis.training.initial import begin
from diagnosis.training.pooling import Pooled, fit_pooled
from diagnosis.training.probe import Head, ProbeConfig, features_of, fit_head
from diagnosis.training.recipe import Recipe, Report, Step
from hospital.core.phrases import phrase

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
BATCH = 8


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of learning.

    Attributes:
        epochs: How many it learned.
        kept: After which of them its weights were taken.
        watched: The figure that chose that one; None where none was chosen.
    """

    seed: int
    epochs: int
    kept: int
    watched: float | None


@dataclass(frozen=True, slots=True)
class Learned:
    """A network that learned, and by which runs; a probe has none.

    Attributes:
        attention: How much each slice of a series counts, where that was learned.
    """

    network: SliceNetwork
    runs: tuple[Ran, ...] = ()
    attention: Attention | None = None


@dataclass(frozen=True, slots=True)
class Learning:
    """A recipe with all that it needs to learn.

    Attributes:
        labels: How many there are.
        store: Root of the model store: earlier entries, and where a run that was cut off
            is found again.
    """

    recipe: Recipe
    preprocessing: Preprocessing
    labels: int
    store: Path
    report: Report

    @property
    def shape(self) -> NetworkShape:
        """Return the shape of the network that serves."""
        return self.recipe.shape(self.labels)

    def learned(
        self, examples: Examples, title: str, *, is_kept: bool = True
    ) -> Learned:
        """Return what learned from the examples, its network in evaluation mode.

        Args:
            examples: To learn from.
            title: Names the run in reports, and its file.
            is_kept: Whether it can be cut off and go on.
        """
        if self.recipe.probe is not None and self.recipe.series.is_attention:
            pooled = self._pooled(examples, self.recipe.probe)
            network = pooled.head.put_into(self.begun())
            return Learned(network, attention=pooled.attention)
        if self.recipe.probe is not None:
            begun = self.begun()
            features = self._features(begun, examples.squares, self.recipe.probe, title)
            head = fit_head(
                features,
                examples.labels,
                labels=self.labels,
                config=self.recipe.probe,
            )
            return Learned(head.put_into(begun))
        first, ensemble = self.recipe.train.seed, self.recipe.ensemble
        if ensemble is None:
            return self._one(examples, title, first, is_kept=is_kept)
        ones = [
            self._one(
                examples,
                phrase("%(run)s, seed %(seed)d", run=title, seed=seed),
                seed,
                is_kept=is_kept,
            )
            for seed in range(first, first + ensemble.seeds)
        ]
        whole = joined([one.network for one in ones], self._single)
        runs = tuple(run for one in ones for run in one.runs)
        if ensemble.keep == "average":
            return Learned(whole, runs)
        teacher = Teacher(
            whole.to(self.recipe.train.device),
            ensemble.temperature,
            ensemble.teacher_share,
        )
        student = self._one(
            examples,
            phrase("%(run)s, distilled", run=title),
            first,
            is_kept=is_kept,
            teacher=teacher,
        )
        return Learned(student.network, runs + student.runs)

    def learner(self, examples: Examples, *, positive: int, title: str) -> Learner:
        """Return what cross-validation asks: margins of some, learned from others."""
        if self.recipe.probe is not None:
            return self._probe_learner(examples, self.recipe.probe, positive, title)

        def learn(train: Indices, held: Indices, _seed: int) -> Array:
            learned = self.learned(examples.chosen(train), title, is_kept=False)
            scores = self.scores(learned.network, examples.squares[held])
            return margins(scores.logits, positive)

        return learn

    def scores(self, network: SliceNetwork, squares: FloatArray) -> Scores:
        """Return a network's scores, by as many views as will serve."""
        return scores_of(network, squares, self.preprocessing, views=self.recipe.views)

    def logits(self, learned: Learned, examples: Examples) -> NDArray[np.floating]:
        """Return each row's logits as they will serve: of a slice, or of a series."""
        if learned.attention is None:
            return self.scores(learned.network, examples.squares).logits
        head = learned.network.head
        weight, bias = (p.detach().double().numpy() for p in (head.weight, head.bias))
        return Pooled(Head(weight, bias), learned.attention).logits(examples.bags)

    def begun(self) -> SliceNetwork:
        """Return the network before it learns, in evaluation mode."""
        return self._begun(self.recipe.train.seed).eval()

    def forget(self) -> None:
        """Remove what was kept in case the run was cut off."""
        for path in self.folder.glob("*.pt"):
            path.unlink()
        if self.folder.is_dir():
            self.folder.rmdir()

    @property
    def folder(self) -> Path:
        """Return where a run that is cut off is found again."""
        return self.store / self.recipe.name / f".{self.recipe.version}.unfinished"

    @property
    def _single(self) -> NetworkShape:
        """Return the shape of each network that learns."""
        return replace(self.shape, members=1)

    def _begun(self, seed: int) -> SliceNetwork:
        torch.manual_seed(seed)
        network = SliceNetwork(self._single)
        begin(network, self._single, self.recipe.initial, self.store)
        return network

    def _start(self, seed: int) -> dict[str, Tensor] | None:
        return dict(self._begun(seed).state_dict()) if self.recipe.initial else None

    def _one(
        self,
        examples: Examples,
        title: str,
        seed: int,
        *,
        is_kept: bool,
        teacher: Teacher | None = None,
    ) -> Learned:
        fitted = fit(
            examples,
            shape=self._single,
            preprocessing=self.preprocessing,
            config=replace(self.recipe.train, seed=seed),
            report=lambda epoch: self._told(title, epoch, is_kept=is_kept),
            start=self._start(seed),
            checkpoint=self.folder / f"{title}.pt" if is_kept else None,
            teacher=teacher,
        )
        ran = Ran(seed, fitted.epochs, fitted.kept, fitted.watched)
        return Learned(fitted.network, (ran,))

    def _told(self, title: str, epoch: Epoch, *, is_kept: bool) -> None:
        if is_kept:  # a fold has a bar of its own
            self.report(_step(title, epoch))

    def _features(
        self, network: SliceNetwork, squares: FloatArray, probe: ProbeConfig, title: str
    ) -> FloatArray:
        return features_of(
            network,
            squares,
            self.preprocessing,
            probe,
            told=lambda share: self.report(
                Step(phrase("%(run)s: features", run=title), share)
            ),
        )

    def _probe_learner(
        self, examples: Examples, probe: ProbeConfig, positive: int, title: str
    ) -> Learner:
        if self.recipe.series.is_attention:
            return self._series_learner(examples, probe, positive)
        # Computed once for all folds: no label has any part in them.
        begun = self.begun()
        features = self._features(begun, examples.squares, probe, title)
        served = features[0]
        if len(self.recipe.views.each) > 1:
            served = self.scores(begun, examples.squares).features

        def learn(train: Indices, held: Indices, _seed: int) -> Array:
            head = fit_head(
                features[:, train],
                examples.labels[train],
                labels=self.labels,
                config=probe,
            )
            return margins(head.logits(served[held]), positive)

        return learn

    def _series_learner(
        self, examples: Examples, probe: ProbeConfig, positive: int
    ) -> Learner:
        def learn(train: Indices, held: Indices, _seed: int) -> Array:
            pooled = self._pooled(examples.chosen(train), probe)
            return margins(pooled.logits(examples.chosen(held).bags), positive)

        return learn

    def _pooled(self, examples: Examples, probe: ProbeConfig) -> Pooled:
        return fit_pooled(
            examples.bags,
            examples.labels,
            labels=self.labels,
            probe=probe,
            config=self.recipe.series,
        )


def scores_of(
    network: SliceNetwork,
    squares: FloatArray,
    preprocessing: Preprocessing,
    *,
    views: Views | None = None,
) -> Scores:
    """Return torch's own scores of squares, batch by batch, fp32 on the CPU."""
    served = ServedNetwork(network, views).eval()
    parts = []
    with torch.inference_mode():
        for start in range(0, len(squares), BATCH):
            x = network_input(squares[start : start + BATCH], preprocessing)
            parts.append([output.numpy() for output in served(torch.from_numpy(x))])
    return Scores(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def margins(logits: NDArray[np.floating], positive: int) -> Array:
    """Return by how much each image prefers the positive label to the next best."""
    others = np.delete(logits, positive, axis=1).max(axis=1)
    result: Array = (logits[:, positive] - others).astype(np.float64)
    return result


def _step(title: str, epoch: Epoch) -> Step:
    words = phrase(
        "%(run)s: epoch %(number)d of %(of)d, loss %(loss)s",
        run=title,
        number=epoch.number,
        of=epoch.of,
        loss=f"{epoch.loss:.3f}",
    )
    scalars = {"loss": epoch.loss, "seconds": epoch.seconds}
    if epoch.watched is not None:
        words = phrase(
            "%(words)s, watched %(figure)s", words=words, figure=f"{epoch.watched:.3f}"
        )
        scalars["watched"] = epoch.watched
    return Step(words, epoch.number / epoch.of, title, epoch.number, scalars)
