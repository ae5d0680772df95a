"""Makes the tables of `consult.safety.weighing` from written sentences, each held out once.

Logistic regression on what is weighed of a sentence. Every limit is taken from what calm
messages weigh in tables that were made without them: few of them may reach an alarm.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args  # Any: rows of files

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from consult import triage
from consult.dialogue.interview.questions import flags
from consult.language.concepts_read import Reading
from consult.language.detect import Language, detect_language
from consult.learning.utterances import OWN_UTTERANCES
from consult.safety.check import check
from consult.safety.rules_read import rules
from consult.safety.weighing import (
    WEIGHTS,
    Loads,
    Table,
    Weighed,
    parts_of,
    told_parts,
)
from consult.safety.wordings import features

COMPLAINTS = Path(triage.__file__).parent / "weights"
BEGINS: dict[Weighed, str] = {"self_harm": "crisis", "emergency": "emergency"}
# Of calm sentences so many may weigh as much as danger: some of them are very near to it.
ALARMS: dict[Weighed, float] = {"self_harm": 0.03, "emergency": 0.03}
# What a rule that fires is worth: with so much less words alarm, and below it they doubt.
OF_A_RULE: dict[Weighed, float] = {"self_harm": 3.0, "emergency": 0.8}
ASKED, NEAR = 0.3, 1.1  # so little below an alarm is asked about; judged once more
SOFTNESS, FOLDS, TOGETHER, FEWEST = 20.0, 5, 10, 3
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


@dataclass(frozen=True, slots=True)
class _Score:
    """The most that a message weighs where it tells of somebody, and anywhere."""

    told: float
    most: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What decides in one language, as log-odds: see `Table`."""

    thresholds: float
    asks: float
    nears: float
    doubts: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How sentences of one language fare, each by a table made without it.

    Attributes:
        danger: How many speak of danger; `calm`, how many do not.
        heard: Share of danger that alarms, by rules and words together.
        heard_by_rules: Share of danger that alarms by rules alone.
        asked: Share of danger that alarms or is asked about.
        false_alarms: Share of calm that alarms.
        false_by_rules: Share of calm that alarms by rules alone.
    """

    language: Language
    limits: Limits
    danger: int
    calm: int
    heard: float
    heard_by_rules: float
    asked: float
    false_alarms: float
    false_by_rules: float


def fit_words(kind: Weighed, more: Sequence[Path]) -> tuple[Table, list[Figures]]:
    """Return the table of a kind of danger, and its figures by language.

    Args:
        kind: What the words tell of.
        more: JSONL with `text` and `kind` (crisis…, emergency, another), besides what
            was written for the product.
    """
    own = [
        WEIGHTS / "said.jsonl",
        *sorted(WEIGHTS.glob("written_*.jsonl")),
        *sorted(COMPLAINTS.glob("written*.jsonl")),
    ]
    rows = list(_rows(kind, [*own, *more]))
    scored = list(zip(rows, _held_out(rows, kind), strict=True))
    languages: tuple[Language, ...] = get_args(Language)
    figures = [_figures(scored, language, kind) for language in languages]
    limits = [asdict(each.limits) for each in figures]
    weights, bias = _fit(rows)
    return (
        Table(
            **{
                name: {
                    language: by_name[name]
                    for language, by_name in zip(languages, limits, strict=True)
                }
                for name in limits[0]
            },
            bias=bias,
            weights=weights,
            made_from={
                "danger": sum(row.is_danger for row in rows),
                "calm": sum(not row.is_danger for row in rows),
            },
        ),
        figures,
    )


def _figures(
    scored: list[tuple[_Row, _Score]], language: Language, kind: Weighed
) -> Figures:
    here = [each for each in scored if each[0].lang == language and each[0].counts]
    danger = [each for each in here if each[0].is_danger]
    calm = [each for each in here if not each[0].is_danger]
    limits = _limits([score.told for _, score in calm], kind)

    def alarms(row: _Row, score: _Score) -> bool:
        is_sure = row.is_heard and score.most >= limits.doubts
        return is_sure or score.told >= limits.thresholds

    return Figures(
        language=language,
        limits=limits,
        danger=len(danger),
        calm=len(calm),
        heard=float(np.mean([alarms(*each) for each in danger])),
        heard_by_rules=float(np.mean([row.is_heard for row, _ in danger])),
        asked=float(
            np.mean([alarms(*each) or each[1].told >= limits.asks for each in danger])
        ),
        false_alarms=float(np.mean([alarms(*each) for each in calm])),
        false_by_rules=float(np.mean([row.is_heard for row, _ in calm])),
    )


def _limits(calm: Sequence[float], kind: Weighed) -> Limits:
    """Return the limits by what calm messages weigh."""
    alarms = float(np.quantile(calm, 1 - ALARMS[kind]))
    steps = (0.0, ASKED, NEAR, OF_A_RULE[kind])
    return Limits(*(round(alarms - less, 2) for less in steps))


def _rows(kind: Weighed, paths: list[Path]) -> Iterator[_Row]:
    """Yield each sentence once; what speaks of another danger is no example of calm."""
    seen: set[str] = set()
    level_of = {rule.id: rule.level for rule in rules()}  # before all words weigh
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
            and level_of[each.rule] == "emergency"
            and not each.rule.endswith(".weighed")
            for each in found.findings
        )
        yield _Row(
            reading=found.reading,
            names=features(found.reading),
            lang=detect_language(text),
            group=group,
            is_danger=is_danger,
            is_heard=is_heard,
            counts=counts and (is_danger or said not in {"emergency", "urgent"}),
        )


def _labelled(paths: list[Path]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield text, what it speaks of, its group, and whether figures are taken from it."""
    for path in paths:
        for number, row in enumerate(_json_rows(path)):
            group = f"{path.stem} {number // TOGETHER}"
            counts = bool(row.get("counts", True))
            yield str(row["text"]), str(row["kind"]), group, counts
    for row in _json_rows(OWN_UTTERANCES):
        if row["mood"] != "distressed" and row["intent"] != "harmful":
            yield str(row["text"]), "calm", str(row["group"]), False
    yield from _of_rules()
    for flag in flags().values():
        if flag.level == "emergency":
            is_crisis = flag.code.endswith(".self_harm")
            for text in flag.sign.values():
                yield text, "crisis" if is_crisis else "emergency", flag.code, False


def _of_rules() -> Iterator[tuple[str, str, str, bool]]:
    """Yield the examples of rules; an urgent one is an example of neither danger."""
    for rule in rules():
        if rule.min_age is not None or rule.max_age is not None:
            continue  # words weigh no ages
        said = {"self_harm": "crisis", "abuse": "abuse"}.get(rule.kind, "emergency")
        if rule.level != "emergency":
            said = "urgent" if said == "emergency" else "abuse"
        for text in rule.examples:
            yield text, said, rule.id, False
        for text in rule.counter_examples if said != "urgent" else ():
            yield text, "calm", rule.id, False


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _held_out(rows: list[_Row], kind: Weighed) -> list[_Score]:
    """Return what each message weighs by a table made without its group."""
    scores = [_Score(NOWHERE, NOWHERE)] * len(rows)
    groups = [row.group for row in rows]
    needed: dict[Language, float] = {"en": -np.inf, "zh": -np.inf}
    for learned, held in GroupKFold(FOLDS).split(rows, groups=groups):
        known, bias = _fit([rows[at] for at in learned])
        for at in held:
            loads = Loads(rows[at].names, known)
            reading = rows[at].reading
            parts = list(parts_of(reading.sentences, loads))
            told = told_parts(reading, kind, loads, parts, needed=needed)
            scores[at] = _Score(
                told=max((each + bias for each, _ in told), default=NOWHERE),
                most=max((each.score + bias for each in parts), default=NOWHERE),
            )
    return scores


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
    counter = TfidfVectorizer(analyzer=sorted, min_df=FEWEST)
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
