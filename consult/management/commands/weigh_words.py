"""`weigh_words`: make a table of weights from written sentences: wishes to die, emergencies."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: what argparse gives, and rows of files

import numpy as np
from django.core.management.base import BaseCommand, CommandParser
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from consult import triage
from consult.language.concepts_read import Reading
from consult.language.detect import Language, detect_language
from consult.learning.utterances import OWN_UTTERANCES
from consult.safety.check import check
from consult.safety.rules_read import rules
from consult.safety.weighing import WEIGHTS, Weighed, features, loads_of, told_parts

WRITTEN_COMPLAINTS = Path(triage.__file__).parent / "weights" / "written.jsonl"
BEGINS: dict[Weighed, str] = {"self_harm": "crisis", "emergency": "emergency"}
# Of calm sentences that are near to danger, so many may weigh as much as it.
ALARMS: dict[Weighed, float] = {"self_harm": 0.045, "emergency": 0.05}
SOFTNESS, FOLDS, TOGETHER = 10.0, 5, 10
NOWHERE = -99.0  # log-odds of what tells of nobody


@dataclass(frozen=True, slots=True)
class _Row:
    """A sentence to learn from, and what the rules that weigh nothing make of it."""

    reading: Reading
    names: dict[int, set[str]]
    lang: Language
    group: str
    is_danger: bool
    is_heard: bool
    counts: bool  # whether figures and thresholds are taken from it


class Command(BaseCommand):
    help = "Make the weights of words that speak of danger, from the product's own sentences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("weighed", choices=sorted(BEGINS))
        parser.add_argument(
            "--said",
            action="append",
            default=[],
            help="JSONL with `text` and `kind` (crisis…, emergency, another), besides the product's own",
        )

    def handle(self, **options: Any) -> None:
        kind: Weighed = options["weighed"]
        own = [
            WEIGHTS / "said.jsonl",
            *sorted(WEIGHTS.glob("written_*.jsonl")),
            WRITTEN_COMPLAINTS,
        ]
        rows = list(_rows(kind, [*own, *map(Path, options["said"])]))
        scores = _held_out(rows, kind)
        thresholds = {}
        for lang in ("en", "zh"):
            calm = [
                score
                for row, score in zip(rows, scores, strict=True)
                if row.lang == lang and row.counts and not row.is_danger
            ]
            danger = [
                (row, score)
                for row, score in zip(rows, scores, strict=True)
                if row.lang == lang and row.counts and row.is_danger
            ]
            limit = round(float(np.quantile(calm, 1 - ALARMS[kind])), 2)
            heard = [row.is_heard or score >= limit for row, score in danger]
            alone = [row.is_heard for row, _ in danger]
            self.stdout.write(
                f"{lang}: threshold {limit}; heard {np.mean(heard):.3f} of {len(heard)}"
                f" held out, {np.mean(alone):.3f} by the rules alone;"
                f" {np.mean([score >= limit for score in calm]):.3f} of {len(calm)} calm"
            )
            thresholds[lang] = limit
        weights, bias = _fit(rows)
        table = {
            "thresholds": thresholds,
            "bias": bias,
            "made_from": {
                "danger": sum(row.is_danger for row in rows),
                "calm": sum(not row.is_danger for row in rows),
            },
            "weights": weights,
        }
        (WEIGHTS / f"{kind}.json").write_text(
            json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n",
            encoding="utf-8",
        )
        self.stdout.write(f"{len(weights)} weights, bias {bias}, {table['made_from']}")


def _rows(kind: Weighed, paths: list[Path]) -> Iterator[_Row]:
    """Yield each sentence once; what speaks of another danger is no example of calm."""
    seen: set[str] = set()
    for text, said, group, counts in _labelled(paths):
        is_danger = said.startswith(BEGINS[kind])
        is_other_danger = said in {"abuse", "place"} or (
            kind == "emergency" and said.startswith("crisis")
        )
        if text in seen or (is_other_danger and not is_danger):
            continue
        seen.add(text)
        found = check([text])
        is_heard = any(
            (each.kind == "self_harm" if kind == "self_harm" else True)
            and each.level == "emergency"
            and not each.rule.endswith(".weighed")
            for each in found.findings
        )
        if is_heard and not is_danger and (kind == "emergency" or not counts):
            continue
        yield _Row(
            reading=found.reading,
            names=features(found.reading),
            lang=detect_language(text),
            group=group,
            is_danger=is_danger,
            is_heard=is_heard,
            counts=counts and not (said.startswith("emergency") and not is_danger),
        )


def _labelled(paths: list[Path]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield text, what it speaks of, its group, and whether figures are taken from it."""
    for path in paths:
        for number, row in enumerate(_json_rows(path)):
            group = f"{path.stem} {number // TOGETHER}"
            yield str(row["text"]), str(row["kind"]), group, True
    for row in _json_rows(OWN_UTTERANCES):
        if row["mood"] != "distressed" and row["intent"] != "harmful":
            yield str(row["text"]), "calm", str(row["group"]), False
    for rule in rules():
        has_age = rule.min_age is not None or rule.max_age is not None
        if rule.level == "emergency" and not has_age:  # words weigh no ages
            said = {"self_harm": "crisis", "abuse": "abuse"}.get(rule.kind, "emergency")
            for text in rule.examples:
                yield text, said, rule.id, False
            for text in rule.counter_examples:
                yield text, "calm", rule.id, False


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _held_out(rows: list[_Row], kind: Weighed) -> list[float]:
    """Return what each message weighs by a table made without its group."""
    scores = [NOWHERE] * len(rows)
    groups = [row.group for row in rows]
    needed: dict[Language, float] = {"en": -np.inf, "zh": -np.inf}
    for learned, held in GroupKFold(FOLDS).split(rows, groups=groups):
        known, bias = _fit([rows[at] for at in learned])
        for at in held:
            loads = loads_of(rows[at].names, known)
            parts = told_parts(rows[at].reading, kind, loads, needed=needed)
            scores[at] = max((each + bias for each, _ in parts), default=NOWHERE)
    return scores


def _as_it_is(names: set[str]) -> set[str]:
    return names


def _fit(rows: list[_Row]) -> tuple[dict[str, list[float]], float]:
    """Return of each name its weight and rarity, and the bias.

    A message of danger counts whole; a calm one whole, and each sentence of it.
    """
    whole = [set[str]().union(*row.names.values()) for row in rows]
    danger = [names for row, names in zip(rows, whole, strict=True) if row.is_danger]
    calm = [names for row, names in zip(rows, whole, strict=True) if not row.is_danger]
    calm += [
        names
        for row in rows
        if not row.is_danger and len(row.names) > 1
        for names in row.names.values()
    ]
    counter = TfidfVectorizer(analyzer=_as_it_is, min_df=2)
    counts = counter.fit_transform([*danger, *calm])
    model = LogisticRegression(
        C=SOFTNESS, solver="liblinear", max_iter=1_000, class_weight="balanced"
    )
    model.fit(counts, [1] * len(danger) + [0] * len(calm))
    names = counter.get_feature_names_out()
    weights = {
        str(name): [round(float(value * rarity), 2), round(float(rarity), 2)]
        for name, value, rarity in zip(names, model.coef_[0], counter.idf_, strict=True)
    }
    return weights, round(float(model.intercept_[0]), 3)
