"""Writes an adapter's folder: its configuration, labels, figures and card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from consult.learning.labels import Task

NOTICE = (
    "Not a medical device. What is learned here never decides danger or a refusal, and "
    "lowers no level of urgency: rules do that."
)
TITLES: dict[Task, str] = {
    "intent": "What a message is about",
    "sentiment": "How a message sounds",
    "generate": "How a reply is worded",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an adapter beside its figures."""

    task: Task
    method: str
    base: str
    base_digest: str
    serves: Mapping[str, str]
    labels: Sequence[str]
    data: str
    command: str


def write_facts(folder: Path, facts: Facts, metrics: Mapping[str, Any]) -> None:
    """Write everything but the weights."""
    _write(folder / "metrics.json", json.dumps(metrics, ensure_ascii=False, indent=1))
    labels = (f"[[labels]]\nname = {_quoted(label)}\n" for label in facts.labels)
    _write(folder / "labels.toml", "\n".join(labels) if facts.labels else "labels = []")
    _write(folder / "config.toml", _config(facts))
    _write(folder / "card.md", _card(facts, metrics))


def _config(facts: Facts) -> str:
    lines = [
        f"title = {_quoted(TITLES[facts.task])}",
        f"notice = {_quoted(NOTICE)}",
        f"task = {_quoted(facts.task)}",
        f"method = {_quoted(facts.method)}",
        f"base = {_quoted(facts.base)}",
        f"base_digest = {_quoted(facts.base_digest)}",
        "",
        "[serves]  # what answers in each language",
        *(f"{language} = {_quoted(name)}" for language, name in facts.serves.items()),
    ]
    return "\n".join(lines)


def _card(facts: Facts, metrics: Mapping[str, Any]) -> str:
    tables = _reply_table(metrics) if facts.task == "generate" else _tables(metrics)
    gate = metrics["gate"]
    verdict = (
        "is better than" if gate["is_better"] else "is not shown to be better than"
    )
    return f"""# {TITLES[facts.task]}

**{NOTICE}**

## What it is

An adapter ({facts.method}) on `{facts.base}`, whose weights are not part of it. Task:
{facts.task}. {_serving(facts)}

## Data

{facts.data}

## Figures on rows it never saw

{tables}

On these rows it {verdict} {gate["against"]}: {gate["figure"]} moves by
{gate["gain"]:+.3f} (95 % interval {gate["low"]:+.3f} to {gate["high"]:+.3f}).

## Limits

- The words were written for this product; nobody's own patients were asked.
- MiniLM, where it is the base, knows English only: in Chinese most characters look alike to it.
- A wrong intent or mood leads to a less fitting answer or queue, never to a lower urgency.

## How it was made

`{facts.command}`
"""


def _serving(facts: Facts) -> str:
    if not facts.serves:
        return "It is loaded by the local language model when in service."
    parts = [f"{language}: {name}" for language, name in facts.serves.items()]
    return (
        "What answers in each language was chosen on the validation rows, not on those "
        f"of the figures below ({', '.join(parts)})."
    )


def _tables(metrics: Mapping[str, Any]) -> str:
    lines = [
        "| language | engine | n | accuracy | macro precision | macro recall | macro F1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for language, engines in metrics["test"].items():
        for engine, told in engines.items():
            name = f"**{engine}** (in service)" if engine == "served" else engine
            numbers = (
                f"{told[key]:.3f}"
                for key in ("accuracy", "macro_precision", "macro_recall", "macro_f1")
            )
            lines.append(
                f"| {language} | {name} | {told['n']} | {' | '.join(numbers)} |"
            )
    lines += ["", "| language | label | n | precision | recall | F1 |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for language, engines in metrics["test"].items():
        for label, told in engines["served"]["labels"].items():
            lines.append(
                f"| {language} | {label} | {told['n']} | {told['precision']:.3f} | "
                f"{told['recall']:.3f} | {told['f1']:.3f} |"
            )
    return "\n".join(lines)


def _reply_table(metrics: Mapping[str, Any]) -> str:
    test = metrics["test"]
    return (
        f"| | loss a token | perplexity |\n| --- | --- | --- |\n"
        f"| base | {test['base_loss']:.3f} | {test['base_perplexity']:.1f} |\n"
        f"| adapted | {test['loss']:.3f} | {test['perplexity']:.1f} |\n\n"
        f"Measured on {test['n']} dialogues. Perplexity says how well the wording was "
        "foretold, not whether a reply is right: each sentence is still checked against "
        "the library before it is shown."
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a TOML basic string is JSON's
