"""An adapter small enough to be made in a test, sealed in a store."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from consult.language.grams import Grams, write_grams
from consult.learning.build import GRAMS
from consult.learning.entry import REQUIRED
from consult.learning.writing import Facts, write_facts
from hospital.core.sealed import seal, write_entry

MEASURED = {"labels": {}, "n": 199, "accuracy": 0.8, "macro_f1": 0.7144} | {
    "macro_precision": 0.7781,
    "macro_recall": 0.6927,
}
RULED = MEASURED | {"macro_precision": 0.9061, "macro_recall": 0.4442, "macro_f1": 0.49}


def metrics_of(*, is_better: bool) -> dict[str, Any]:
    """Return what is kept of an adapter of intents that answers in Chinese."""
    return {
        "gate": {"is_better": is_better, "against": "the rules alone", "gain": 0.166}
        | {"figure": "macro F1", "served": 0.7, "before": 0.5}
        | {"low": 0.0903, "high": 0.2387},
        "test": {"zh": {"rules": RULED, "served": MEASURED}},
    }


def seal_adapter(
    store: Path, version: str, *, is_better: bool, label: str = "visit"
) -> None:
    """Write an adapter that says one label of whatever is written in Chinese."""
    facts = Facts(
        *("intent", "lora", "base", "0" * 64, {"zh": "grams"}, ("human", "visit")),
        data="None.",
        command="manage.py finetune_language",
    )
    biases = tuple(float(each == label) for each in ("human", "visit"))
    grams = Grams(("human", "visit"), biases, {}, {})

    def fill(folder: Path) -> None:
        write_facts(folder, facts, metrics_of(is_better=is_better))
        write_grams(grams, folder / GRAMS)

    write_entry(store, "tiny", version, required=REQUIRED, fill=fill)


def seal_replies(store: Path, metrics: Mapping[str, Any]) -> None:
    """Write an adapter of replies that measured so."""
    facts = Facts(
        *("generate", "lora", "tiny-llm", "0" * 64, {}, ()),
        data="None.",
        command="manage.py finetune_language",
    )

    def fill(folder: Path) -> None:
        write_facts(folder, facts, metrics)

    write_entry(store, "reply", "1", required=REQUIRED, fill=fill)


def reseal(folder: Path, name: str, text: str) -> None:
    """Write another text into a file of an adapter and seal it so."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "SHA256SUMS").unlink()
    seal(folder)
