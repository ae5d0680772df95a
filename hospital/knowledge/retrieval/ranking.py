"""The figures that rank candidates again, and turn what ranked the first into a chance."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from hospital.knowledge.retrieval.sparse import Floats

RANKED = ("words", "names", "vector", "kind", "general")
FEATURES = (*RANKED, "cover")  # how much of what was asked the text has, in [0, 1]
_FIGURES = Path(__file__).with_name("ranking.toml")


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model of whether the first hit answers the question.

    Attributes:
        base: Its intercept.
        weights: By feature.
        least: Below this chance the library abstains.
    """

    base: float
    weights: Mapping[str, float]
    least: float

    def chance(self, features: Mapping[str, float]) -> float:
        """Return the estimated chance, in (0, 1)."""
        odds = self.base + sum(
            weight * features[name] for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-odds))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of the features that rank, and the confidence by language."""

    weights: Floats  # shape (5,), of what ranks
    confidence: Mapping[str, Confidence]


@cache
def ranking() -> Ranking:
    """Return the fitted figures."""
    figures = tomllib.loads(_FIGURES.read_text(encoding="utf-8"))
    return Ranking(
        weights=np.array([figures["rank"][name] for name in RANKED], np.float32),
        confidence={
            lang: Confidence(
                base=model["base"],
                weights={name: model[name] for name in FEATURES if name in model},
                least=model["least"],
            )
            for lang, model in figures["confidence"].items()
        },
    )
