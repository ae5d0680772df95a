"""An adapter of replies on any causal model that lies on disk; only replies are learned."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any  # Any: transformers is loosely typed

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from consult.language.generators.prompt import plainly
from consult.learning.adapting import (
    FitConfig,
    Told,
    adapted,
    base_digest,
    fit,
    quiet,
    save_adapter,
    seeded,
    steps_of,
)
from consult.learning.dialogues import Dialogue
from consult.learning.entry import REQUIRED
from consult.learning.errors import LearningError
from consult.learning.writing import Facts, write_facts
from hospital.core.sealed import write_entry

MOST_TOKENS = 1024
IGNORED = -100  # a label that torch's cross entropy passes over


@dataclass(frozen=True, slots=True)
class ReplyRecipe:
    """What to build and from what."""

    name: str
    version: str
    base: Path
    data: str
    command: str
    fit: FitConfig


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A dialogue as tokens; what is not a reply is ignored when learning."""

    ids: list[int]
    labels: list[int]


def build_replies(
    dialogues: Sequence[Dialogue], *, recipe: ReplyRecipe, store: Path, told: Told
) -> tuple[str, dict[str, Any]]:
    """Fit, measure and seal an adapter of replies; return digest and metrics.

    Raises:
        LearningError: The base is none, or no reply fits into its window.
        StoreError: The entry exists.
    """
    digest_of_base = base_digest(recipe.base)
    with seeded(recipe.fit):
        tokenizer, bare = _base(recipe.base)
        rows = {
            split: _tokens([d for d in dialogues if d.split == split], tokenizer)
            for split in ("train", "test")
        }
        bare.to(recipe.fit.device)
        before = _losses(bare.eval(), rows["test"])
        steps = steps_of(len(rows["train"]), recipe.fit)
        model = adapted(bare, recipe.fit, layers="all-linear", steps=steps)
        model.train()
        losses = fit(
            model,
            rows["train"],
            lambda batch: _loss(model, batch),
            size=lambda each: len(each.ids),
            free=[each for each in model.parameters() if each.requires_grad],
            config=recipe.fit,
            told=told,
        )
        after = _losses(model.eval(), rows["test"])
    metrics = _metrics(before, after, losses, recipe.fit)
    facts = Facts(
        task="generate",
        method=recipe.fit.method,
        base=recipe.base.name,
        base_digest=digest_of_base,
        serves={},
        labels=(),
        data=recipe.data,
        command=recipe.command,
    )

    def fill(folder: Path) -> None:
        save_adapter(model, folder, base_name=recipe.base.name)
        write_facts(folder, facts, metrics)

    digest = write_entry(
        store, recipe.name, recipe.version, required=REQUIRED, fill=fill
    )
    told("sealed", 1.0)
    return digest, metrics


def _base(folder: Path) -> tuple[Any, Any]:
    with quiet():
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32
        )
    return tokenizer, model


def _tokens(dialogues: Sequence[Dialogue], tokenizer: Any) -> list[_Tokens]:
    rows = [_dialogue_tokens(each, tokenizer) for each in dialogues]
    kept = [row for row in rows if any(label != IGNORED for label in row.labels)]
    if not kept:
        message = f"no reply lies within the first {MOST_TOKENS} tokens of its dialogue"
        raise LearningError(message)
    return kept


def _dialogue_tokens(dialogue: Dialogue, tokenizer: Any) -> _Tokens:
    """Return what the base's own template makes of each message, in order."""
    ids: list[int] = []
    labels: list[int] = []
    for at, message in enumerate(dialogue.messages):
        text = _worded(dialogue, at, tokenizer)
        new = tokenizer(text, add_special_tokens=False)["input_ids"]
        ids += new
        labels += new if message.role == "assistant" else [IGNORED] * len(new)
    return _Tokens(ids[:MOST_TOKENS], labels[:MOST_TOKENS])


def _worded(dialogue: Dialogue, at: int, tokenizer: Any) -> str:
    if not tokenizer.chat_template:
        message = dialogue.messages[at]
        end = tokenizer.eos_token or ""
        return plainly(message.role, message.content, end=end)
    turns = [asdict(message) for message in dialogue.messages[: at + 1]]
    whole = str(tokenizer.apply_chat_template(turns, tokenize=False))
    before = (
        str(tokenizer.apply_chat_template(turns[:-1], tokenize=False)) if at else ""
    )
    return whole.removeprefix(before)


def _loss(model: Any, batch: Sequence[_Tokens]) -> torch.Tensor:
    longest = max(len(row.ids) for row in batch)
    device = next(model.parameters()).device

    def padded(rows: Sequence[list[int]], value: int) -> torch.Tensor:
        filled = [row + [value] * (longest - len(row)) for row in rows]
        return torch.tensor(filled, device=device)  # (B, T)

    loss: torch.Tensor = model(
        input_ids=padded([row.ids for row in batch], 0),
        attention_mask=padded([[1] * len(row.ids) for row in batch], 0),
        labels=padded([row.labels for row in batch], IGNORED),
    ).loss
    return loss


def _losses(model: Any, rows: Sequence[_Tokens]) -> list[float]:
    with torch.inference_mode():
        return [float(_loss(model, [row])) for row in rows]


def _metrics(
    before: list[float], after: list[float], losses: list[float], config: FitConfig
) -> dict[str, Any]:
    """Return the figures; better means that the mean over dialogues falls beyond doubt."""
    falls = [old - new for old, new in zip(before, after, strict=True)]
    middle = sum(falls) / len(falls)
    spread = math.sqrt(sum((fall - middle) ** 2 for fall in falls) / len(falls))
    margin = 1.96 * spread / math.sqrt(len(falls))
    old, new = sum(before) / len(before), sum(after) / len(after)
    return {
        "test": {
            "n": len(after),
            "base_loss": old,
            "loss": new,
            "base_perplexity": math.exp(old),
            "perplexity": math.exp(new),
        },
        "gate": {
            "is_better": middle - margin > 0,
            "against": "its base",
            "figure": "the loss a token, as a gain,",
            "served": new,
            "before": old,
            "gain": middle,
            "low": middle - margin,
            "high": middle + margin,
        },
        "training": {"config": asdict(config), "losses": losses},
    }
