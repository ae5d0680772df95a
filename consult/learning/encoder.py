"""An encoder with a head: one vector a message, by the mean of its tokens, then labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: transformers is loosely typed

import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers import AutoModel, AutoTokenizer

from consult.language.grams import Guess
from consult.learning.adapting import (
    FitConfig,
    Told,
    adapted,
    fit,
    quiet,
    save_adapter,
    seeded,
    steps_of,
    with_adapter,
)
from consult.learning.utterances import Utterance

LAYERS = (
    "query",
    "key",
    "value",
    "dense",
)  # of a BERT; any other base: its linear ones
MOST_TOKENS = 128
HEAD = "head.safetensors"
SMOOTHING = 0.1  # of labels: two people would not label each message alike
HEAD_DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Encoder:
    """A base with its tokenizer and a linear head."""

    tokenizer: Any
    body: Any
    head: torch.nn.Linear
    labels: tuple[str, ...]

    def guesses(self, texts: Sequence[str], *, batch: int = 64) -> Iterator[Guess]:
        """Yield the likeliest label of each text, in order."""
        self.body.eval()
        with torch.inference_mode():
            for start in range(0, len(texts), batch):
                logits = self.logits(texts[start : start + batch])
                for row in torch.softmax(logits, dim=1).cpu():
                    best = int(row.argmax())
                    yield Guess(self.labels[best], float(row[best]))

    def logits(self, texts: Sequence[str]) -> torch.Tensor:
        """Return the scores of labels, shape (B, labels)."""
        tokens = self.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=MOST_TOKENS,
            return_tensors="pt",
        ).to(self.head.weight.device)
        hidden = self.body(**tokens).last_hidden_state  # (B, T, C)
        mask = tokens["attention_mask"].unsqueeze(-1)
        mean = (hidden * mask).sum(1) / mask.sum(1)  # (B, C)
        dropped = torch.dropout(mean, HEAD_DROPOUT, train=self.body.training)
        scores: torch.Tensor = self.head(dropped)
        return scores


def fit_encoder(
    utterances: Sequence[Utterance], *, base: Path, config: FitConfig, told: Told
) -> tuple[Encoder, list[float]]:
    """Return a base adapted to labelled utterances, and the loss of each epoch."""
    labels = tuple(sorted({each.label for each in utterances}))
    place = {label: at for at, label in enumerate(labels)}
    with seeded(config):
        tokenizer, bare = _base(base)
        body = adapted(
            bare,
            config,
            layers=_layers(bare),
            steps=steps_of(len(utterances), config),
        ).to(config.device)
        head = torch.nn.Linear(bare.config.hidden_size, len(labels)).to(config.device)
        encoder = Encoder(tokenizer, body, head, labels)
        body.train()

        def loss_of(batch: Sequence[Utterance]) -> torch.Tensor:
            truth = torch.tensor([place[each.label] for each in batch])
            scores = encoder.logits([each.text for each in batch])
            return cross_entropy(
                scores, truth.to(config.device), label_smoothing=SMOOTHING
            )

        free = [each for each in body.parameters() if each.requires_grad]
        losses = fit(
            body,
            utterances,
            loss_of,
            size=lambda each: len(each.text),
            free=[*free, *head.parameters()],
            config=config,
            told=told,
        )
    return encoder, losses


def save_encoder(encoder: Encoder, folder: Path, *, base_name: str) -> None:
    """Write adapter and head into an entry's folder."""
    save_adapter(encoder.body, folder, base_name=base_name)
    state = {
        name: value.detach().cpu().half().contiguous()
        for name, value in encoder.head.state_dict().items()
    }
    save_file(state, folder / HEAD)


def load_encoder(folder: Path, *, base: Path, labels: Sequence[str]) -> Encoder:
    """Return the encoder of an entry on its base."""
    tokenizer, bare = _base(base)
    state = load_file(folder / HEAD)
    head = torch.nn.Linear(bare.config.hidden_size, len(labels))
    head.load_state_dict({name: value.float() for name, value in state.items()})
    return Encoder(tokenizer, with_adapter(bare, folder), head.eval(), tuple(labels))


def _base(folder: Path) -> tuple[Any, Any]:
    with quiet():
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = AutoModel.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32
        )
    return tokenizer, model


def _layers(model: Any) -> Any:
    ends = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    return list(LAYERS) if set(LAYERS) <= ends else "all-linear"
