"""Bases small enough to be made in a test: random weights, a vocabulary of letters."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz 我要预约挂号头疼咳嗽投诉护士你好:"


def _tokenizer(*whole: str) -> PreTrainedTokenizerFast:
    special = ["[PAD]", "[UNK]", "[EOS]"]
    vocabulary = {token: at for at, token in enumerate([*special, *LETTERS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        eos_token="[EOS]",
    )
    made.add_tokens(list(whole))
    return made


def tiny_encoder(folder: Path) -> Path:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=100,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    BertModel(config).save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    return folder


def tiny_causal(folder: Path, *whole: str) -> Path:
    """Make a causal model; what is named is one token of its vocabulary each."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=100,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        intermediate_size=16,
        pad_token_id=0,
        eos_token_id=2,
        bos_token_id=2,
        max_position_embeddings=8192,
        initializer_range=0.5,  # wide enough that an adapter can move what is said
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    _tokenizer(*whole).save_pretrained(folder)
    return folder


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def labelled_rows() -> list[dict[str, object]]:
    """Return rows of two intents in both languages, in each split."""
    texts = {
        ("appointment", "en"): "book a visit for me",
        ("appointment", "zh"): "我要预约挂号",
        ("visit", "en"): "where is the lift",
        ("visit", "zh"): "护士你好",
    }
    return [
        {"text": f"{text} {'abcdefgh'[at]}", "lang": lang, "intent": intent}
        | {"split": split, "mood": "calm" if intent == "visit" else "worried"}
        for (intent, lang), text in texts.items()
        for split, numbers in (("train", range(4)), ("val", (4, 5)), ("test", (6, 7)))
        for at in numbers
    ]
