"""The sealed folder of an adapter: what it is for, what serves, and how it measured.

Standard library only: a page shows it without torch.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args  # Any: metrics are JSON of several shapes

from consult.language.detect import Language
from consult.learning.labels import LANGUAGES, TASKS, Task
from hospital.core.phrases import phrase
from hospital.core.sealed import StoreError, entry_folder, references, verified_digest

Engine = Literal["rules", "grams", "encoder"]
REQUIRED = ("card.md", "config.toml", "labels.toml", "metrics.json")


@dataclass(frozen=True, slots=True)
class AdapterEntry:
    """One adapter.

    Attributes:
        base: Name of the model that it sits on.
        base_digest: sha256 over that model's weights: it fits no other.
        serves: What answers in each language; empty for replies.
        labels: In the order of the head's outputs; empty for replies.
        metrics: `gate.is_better` says whether it beat what it would replace.
    """

    name: str
    version: str
    digest: str
    folder: Path
    title: str
    notice: str
    task: Task
    method: str
    base: str
    base_digest: str
    serves: Mapping[Language, Engine]
    labels: tuple[str, ...]
    card: str
    metrics: Mapping[str, Any]

    @property
    def reference(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def is_better(self) -> bool:
        """Whether it beat what it replaces on rows that it never saw."""
        return bool(self.metrics["gate"]["is_better"])


def load_adapter(root: Path, name: str, version: str) -> AdapterEntry:
    """Return an adapter, every file of which has the digest it was sealed with.

    Raises:
        StoreError: There is no such entry, a file is missing, was added or changed, or
            what it says makes no sense.
    """
    folder = entry_folder(root, name, version)
    if not folder.is_dir():
        known = ", ".join(f"{n}/{v}" for n, v in references(root)) or "none"
        message = phrase(
            "There is no adapter %(adapter)s in %(store)s; there are: %(known)s.",
            adapter=f"{name}/{version}",
            store=str(root),
            known=known,
        )
        raise StoreError("no_such_model", message)
    digest = verified_digest(folder, required=REQUIRED)
    try:
        return _entry(folder, name, version, digest)
    except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        message = phrase(
            "The adapter %(adapter)s cannot be read: %(why)s.",
            adapter=f"{name}/{version}",
            why=repr(error),
        )
        raise StoreError("invalid_entry", message) from error


def _entry(folder: Path, name: str, version: str, digest: str) -> AdapterEntry:
    config = tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))
    labels = tomllib.loads((folder / "labels.toml").read_text(encoding="utf-8"))
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    serves = config["serves"]
    if config["task"] not in TASKS:
        message = f"task {config['task']!r} is none of {', '.join(TASKS)}"
        raise ValueError(message)
    if not isinstance(metrics["gate"]["is_better"], bool):
        message = "metrics.json does not say whether it is better"
        raise ValueError(message)
    if not set(serves.values()) <= set(get_args(Engine)) or not set(serves) <= set(
        LANGUAGES
    ):
        message = f"what serves is not understood: {serves}"
        raise ValueError(message)
    return AdapterEntry(
        name=name,
        version=version,
        digest=digest,
        folder=folder,
        title=config["title"],
        notice=config["notice"],
        task=config["task"],
        method=config["method"],
        base=config["base"],
        base_digest=config["base_digest"],
        serves=serves,
        labels=tuple(label["name"] for label in labels["labels"]),
        card=(folder / "card.md").read_text(encoding="utf-8"),
        metrics=metrics,
    )
