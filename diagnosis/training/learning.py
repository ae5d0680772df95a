"""A recipe at work: from examples to a network, by whichever way the recipe names."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from diagnosis.inference.engines import Scores
from diagnosis.inference.entry import NetworkShape, Preprocessing
from diagnosis.inference.network import ServedNetwork, SliceNetwork
from diagnosis.inference.preprocess import network_input
from diagnosis.training.crossval import Indices, Learner
from diagnosis.training.fit import Epoch, Examples, fit
from diagnosis.training.initial import begin
from diagnosis.training.probe import ProbeConfig, features_of, fit_head
from diagnosis.training.recipe import Recipe, Report, Step

FloatArray = NDArray[np.float32]
Array = NDArray[np.float64]
BATCH = 32


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
        return self.recipe.shape(self.labels)

    def network(self, examples: Examples, title: str) -> SliceNetwork:
        """Return a network that learned from the examples, in evaluation mode."""
        begun = self._begun()
        if self.recipe.probe is not None:
            features = self._features(begun, examples.squares, self.recipe.probe, title)
            head = fit_head(
                features,
                examples.labels,
                labels=self.labels,
                config=self.recipe.probe,
            )
            return head.put_into(begun)
        return fit(
            examples,
            shape=self.shape,
            mean=self.preprocessing.mean,
            standard_deviation=self.preprocessing.standard_deviation,
            config=self.recipe.train,
            report=lambda epoch: self.report(_step(title, epoch)),
            start=self._start(begun),
            checkpoint=self._folder / f"{title}.pt",
        )

    def learner(self, examples: Examples, *, positive: int, title: str) -> Learner:
        """Return what cross-validation asks: margins of some, learned from others."""
        if self.recipe.probe is not None:
            return self._probe_learner(examples, self.recipe.probe, positive, title)

        def learn(train: Indices, held: Indices, _seed: int) -> Array:
            chosen = Examples(examples.squares[train], examples.labels[train])
            network = fit(
                chosen,
                shape=self.shape,
                mean=self.preprocessing.mean,
                standard_deviation=self.preprocessing.standard_deviation,
                config=self.recipe.train,
                start=self._start(self._begun()),
            )
            scores = scores_of(network, examples.squares[held], self.preprocessing)
            return margins(scores.logits, positive)

        return learn

    def forget(self) -> None:
        """Remove what was kept in case the run was cut off."""
        for path in self._folder.glob("*.pt"):
            path.unlink()
        if self._folder.is_dir():
            self._folder.rmdir()

    @property
    def _folder(self) -> Path:
        return self.store / self.recipe.name / f".{self.recipe.version}.unfinished"

    def _begun(self) -> SliceNetwork:
        torch.manual_seed(self.recipe.train.seed)
        network = SliceNetwork(self.shape)
        begin(network, self.shape, self.recipe.initial, self.store)
        return network

    def _start(self, begun: SliceNetwork) -> dict[str, Tensor] | None:
        return dict(begun.state_dict()) if self.recipe.initial else None

    def _features(
        self, network: SliceNetwork, squares: FloatArray, probe: ProbeConfig, title: str
    ) -> FloatArray:
        return features_of(
            network,
            squares,
            self.preprocessing,
            probe,
            told=lambda share: self.report(Step(f"{title}: features", share)),
        )

    def _probe_learner(
        self, examples: Examples, probe: ProbeConfig, positive: int, title: str
    ) -> Learner:
        # Computed once for all folds: no label has any part in them.
        features = self._features(self._begun(), examples.squares, probe, title)

        def learn(train: Indices, held: Indices, _seed: int) -> Array:
            head = fit_head(
                features[:, train],
                examples.labels[train],
                labels=self.labels,
                config=probe,
            )
            return margins(head.logits(features[0, held]), positive)

        return learn


def scores_of(
    network: SliceNetwork, squares: FloatArray, preprocessing: Preprocessing
) -> Scores:
    """Return torch's own scores of squares, batch by batch, fp32 on the CPU."""
    served = ServedNetwork(network).eval()
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
    words = f"{title}: epoch {epoch.number} of {epoch.of}, loss {epoch.loss:.3f}"
    return Step(words, epoch.number / epoch.of)
