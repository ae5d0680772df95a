"""`weigh_words`: make a table of weights from written sentences: wishes to die, emergencies."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # Any: what argparse gives, and rows of files

from django.core.management.base import BaseCommand, CommandParser
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from consult.language.concepts_read import read
from consult.safety.check import check
from consult.safety.rules_read import rules
from consult.safety.weighing import WEIGHTS, Weighed, features

SAID = WEIGHTS / "said.jsonl"
BEGINS: dict[Weighed, str] = {"self_harm": "crisis", "emergency": "emergency"}
SEED, STRENGTH, SMALLEST = 20261127, 1.0, 0.03


class Command(BaseCommand):
    help = "Make the weights of words that speak of danger, from labelled sentences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("weighed", choices=sorted(BEGINS))
        parser.add_argument(
            "--said",
            action="append",
            default=[],
            help="JSONL with `text` and `kind` (crisis…, emergency, another), besides the product's own",
        )
        parser.add_argument(
            "--plain",
            action="append",
            default=[],
            help="JSONL[.gz] with `question` or `text` of which hardly any speaks of danger",
        )
        parser.add_argument(
            "--most-plain", type=int, default=2_000, help="rows taken of each such file"
        )
        parser.add_argument(
            "--threshold", type=float, default=-1.5, help="log-odds at which it counts"
        )

    def handle(self, **options: Any) -> None:
        kind: Weighed = options["weighed"]
        danger, other = _labelled(kind, [SAID, *map(Path, options["said"])])
        plain = [
            text
            for path in options["plain"]
            for text in _spread(list(_plain(Path(path))), options["most_plain"])
        ]
        if kind == "emergency":  # what the rules hear already is no example of calm
            other = [text for text in other if not _is_heard(text)]
            plain = [text for text in plain if not _is_heard(text)]
        weights, bias = _fit(danger, [*other, *plain])
        made_from = {"danger": len(danger), "other": len(other), "plain": len(plain)}
        table = {
            "threshold": options["threshold"],
            "bias": bias,
            "made_from": made_from,
            "weights": weights,
        }
        (WEIGHTS / f"{kind}.json").write_text(
            json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n",
            encoding="utf-8",
        )
        self.stdout.write(f"{len(weights)} weights, bias {bias}, {made_from}")


def _labelled(kind: Weighed, paths: list[Path]) -> tuple[list[str], list[str]]:
    danger: list[str] = []
    other: list[str] = []
    for path in paths:
        for row in _rows(path):
            said, text = str(row["kind"]), str(row["text"])
            if said.startswith(BEGINS[kind]):
                danger.append(text)
            elif said != "abuse" and not (kind == "emergency" and "crisis" in said):
                other.append(text)
    kinds = {"self_harm"} if kind == "self_harm" else {"emergency", "poisoning"}
    for rule in rules():
        if rule.kind in kinds and rule.level == "emergency":
            danger.extend(rule.examples)
            other.extend(rule.counter_examples)
    return danger, other


def _plain(path: Path) -> Iterator[str]:
    for row in _rows(path):
        if row.get("mood") != "distressed":
            yield str(row.get("question") or row.get("text"))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    for line in content.decode().splitlines():
        yield json.loads(line)


def _spread(texts: list[str], most: int) -> list[str]:
    """Return at most so many, evenly over the file."""
    step = max(1, len(texts) // most)
    return texts[::step][:most]


def _is_heard(text: str) -> bool:
    """Whether a rule that weighs nothing hears an emergency."""
    return any(
        found.level == "emergency" and not found.rule.endswith(".weighed")
        for found in check([text]).findings
    )


def _all_of(text: str) -> set[str]:
    """Return what is weighed of a message that speaks of danger, its sentences together."""
    return set[str]().union(*features(read([text])).values())


def _as_it_is(names: set[str]) -> set[str]:
    return names


def _fit(danger: list[str], other: list[str]) -> tuple[dict[str, float], float]:
    counter = CountVectorizer(analyzer=_as_it_is, binary=True, min_df=2)
    wishes = [_all_of(text) for text in danger]
    others = [names for text in other for names in features(read([text])).values()]
    counts = counter.fit_transform([*wishes, *others])
    model = LogisticRegression(C=STRENGTH, max_iter=1_000, random_state=SEED)
    model.fit(counts, [1] * len(wishes) + [0] * len(others))
    pairs = zip(counter.get_feature_names_out(), model.coef_[0], strict=True)
    weights = {
        str(name): round(float(value), 2)
        for name, value in pairs
        if abs(value) >= SMALLEST
    }
    return weights, round(float(model.intercept_[0]), 3)
