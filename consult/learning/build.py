"""From labelled utterances to a sealed adapter: encoder and pieces side by side, judged.

Both are fitted on split train; for each language the validation rows choose among rules,
pieces and encoder; the test rows give the figures and say whether rules are beaten.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

import peft
import torch
import transformers

from consult.language.detect import Language
from consult.language.grams import write_grams
from consult.learning.adapting import FitConfig, Told, base_digest
from consult.learning.encoder import fit_encoder, save_encoder
from consult.learning.entry import REQUIRED, Engine
from consult.learning.figures import Figures, figures, gain
from consult.learning.grams_fit import fit_grams
from consult.learning.labels import LABELS, LANGUAGES, LabelTask
from consult.learning.ruled import counted, ruled_label
from consult.learning.serving import GRAMS
from consult.learning.utterances import Utterance, of_split
from consult.learning.writing import Facts, write_facts
from hospital.core.sealed import write_entry

ENGINES: tuple[Engine, ...] = (
    "rules",
    "grams",
    "encoder",
)  # the first of equals serves
Teller = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to build and from what."""

    task: LabelTask
    name: str
    version: str
    base: Path
    base_name: str
    data: str
    command: str
    fit: FitConfig


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it."""

    digest: str
    metrics: dict[str, Any]


def build_classifier(
    utterances: Sequence[Utterance], *, recipe: Recipe, store: Path, told: Told
) -> Built:
    """Fit, measure and seal an adapter of labels.

    Raises:
        LearningError: The base or the data do not serve.
        StoreError: The entry exists.
    """
    digest_of_base = base_digest(recipe.base)
    train = of_split(utterances, "train")
    grams = fit_grams(train)
    encoder, losses = fit_encoder(train, base=recipe.base, config=recipe.fit, told=told)
    tellers: dict[Engine, Teller] = {
        "rules": lambda texts: [ruled_label(text, recipe.task) for text in texts],
        "grams": lambda texts: [grams.guess(text).label for text in texts],
        "encoder": lambda texts: [guess.label for guess in encoder.guesses(texts)],
    }
    told("measuring", 0.92)
    serves = {
        language: _best(of_split(utterances, "val", language), tellers, recipe.task)
        for language in LANGUAGES
        if of_split(utterances, "val", language)
    }
    metrics = _measured(utterances, tellers, serves, recipe.task)
    metrics["training"] = {
        "rows": len(train),
        "config": asdict(recipe.fit),
        "losses": losses,
        "versions": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "peft": peft.__version__,
        },
    }
    facts = Facts(
        task=recipe.task,
        method=recipe.fit.method,
        base=recipe.base_name,
        base_digest=digest_of_base,
        serves={str(language): str(engine) for language, engine in serves.items()},
        labels=encoder.labels,
        data=recipe.data,
        command=recipe.command,
    )

    def fill(folder: Path) -> None:
        save_encoder(encoder, folder, base_name=recipe.base_name)
        write_grams(grams, folder / GRAMS)
        write_facts(folder, facts, metrics)

    digest = write_entry(
        store, recipe.name, recipe.version, required=REQUIRED, fill=fill
    )
    told("sealed", 1.0)
    return Built(digest, metrics)


def _best(
    rows: Sequence[Utterance], tellers: dict[Engine, Teller], task: LabelTask
) -> Engine:
    """Return what tells the labels best, as it would count in service."""
    scores = {
        engine: _figures(rows, _served(rows, tellers[engine], task)).macro_f1
        for engine in ENGINES
    }
    return max(ENGINES, key=scores.__getitem__)


def _measured(
    utterances: Sequence[Utterance],
    tellers: dict[Engine, Teller],
    serves: dict[Language, Engine],
    task: LabelTask,
) -> dict[str, Any]:
    test: dict[str, dict[str, Any]] = {}
    truth: list[str] = []
    served: list[str] = []
    ruled: list[str] = []
    groups: list[str] = []
    for language, engine in serves.items():
        rows = of_split(utterances, "test", language)
        if not rows:
            continue
        texts = [row.text for row in rows]
        test[language] = {
            name: asdict(_figures(rows, tellers[name](texts))) for name in ENGINES
        }
        now = _served(rows, tellers[engine], task)
        test[language]["served"] = asdict(_figures(rows, now))
        truth += [row.label for row in rows]
        groups += [row.group for row in rows]
        served += now
        ruled += tellers["rules"](texts)
    middle, low, high = gain(truth, served, ruled, groups=groups)
    return {
        "labels": list(LABELS[task]),
        "serves": {str(language): name for language, name in serves.items()},
        "test": test,
        "gate": {
            "is_better": low > 0,
            "against": "the rules alone",
            "figure": "macro F1 over both languages",
            "served": figures(truth, served).macro_f1,
            "before": figures(truth, ruled).macro_f1,
            "gain": middle,
            "low": low,
            "high": high,
        },
    }


def _served(rows: Sequence[Utterance], teller: Teller, task: LabelTask) -> list[str]:
    """Return the labels as they count in service, beside the rules that stand over them."""
    told = teller([row.text for row in rows])
    return [
        counted(row.text, label, task) for row, label in zip(rows, told, strict=True)
    ]


def _figures(rows: Sequence[Utterance], told: Sequence[str]) -> Figures:
    return figures([row.label for row in rows], told)
