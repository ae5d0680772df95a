"""Where somebody belongs: at most three departments, by the codes of the hospital's list."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any  # Any: a table as its file has it

from consult.language.grams import Guess
from consult.safety.check import Person, Safety
from consult.safety.levels import Level
from consult.triage.complaints import complaints
from consult.triage.told import departments_told

CHILD_YEARS = 14
MOST = 3
NAMED, OF_FAMILY, CHILD, PREGNANT = 12, 4, 9, 7
TOLD = 12  # of the share that all words together give a department
UNLIKELY = 0.08  # what words alone make less likely is not named
GROWN_YEARS, AGING_YEARS = 18, 60
IN_CRISIS = ("emergency", "psychiatry")
GENERAL = "general medicine"
TELL_NOTHING = frozenset({"dying_wish"})  # `I want` to talk: of no illness by itself
PRESSING = (
    "emergency",
    "urgent",
)  # words alone send nobody else to the emergency doctors
GENERAL_SHARE = 0.5  # what is asked in general still says where it belongs
_TABLE = Path(__file__).with_name("data") / "departments.toml"


def departments(
    safety: Safety,
    *,
    level: Level,
    age: float | None,
    person: Person | None = None,
    offered: Collection[str] | None = None,
    without: Collection[str] = (),
) -> tuple[str, ...]:
    """Return at most three codes, the likeliest first; an emergency begins with its own.

    Whoever may harm themselves or is being harmed is sent to no other place.

    Args:
        safety: What the rules found.
        level: How soon somebody must be seen.
        age: In years, where it is known.
        person: What else is known.
        offered: The departments that this hospital has; none: all that the product knows.
            Where it has none of those that fit, it is general medicine, if it has that.
        without: Words that tell of no illness: `I want to talk to somebody`.
    """
    if safety.is_crisis:
        ranked: tuple[str, ...] = IN_CRISIS if level == "emergency" else IN_CRISIS[::-1]
    else:
        ranked = _ranked(
            safety, level=level, age=age, person=person or Person(), without=without
        )
    if offered is None:
        return ranked[:MOST] or (GENERAL,)
    there = tuple(code for code in ranked if code in offered)
    return there[:MOST] or ((GENERAL,) if GENERAL in offered else ())


def _ranked(
    safety: Safety,
    *,
    level: Level,
    age: float | None,
    person: Person,
    without: Collection[str],
) -> tuple[str, ...]:
    """Return every department that anything speaks for, the likeliest first."""
    scores: dict[str, float] = defaultdict(float)
    _add_complaints(scores, safety)
    _add_named(scores, safety)
    for found in safety.findings:
        family = ".".join(
            found.rule.split(".")[: 2 if found.kind == "emergency" else 1]
        )
        for place, code in enumerate(_table()["families"].get(family, ())):
            scores[code] += OF_FAMILY - place
    present = safety.reading.concepts("present")
    is_child = age is not None and age < CHILD_YEARS
    if is_child or (age is None and present & {"baby", "young_baby"}):
        scores["paediatrics"] += CHILD
    if "pregnant" in present:
        scores["obstetrics"] += PREGNANT
    if level == "emergency":
        scores["emergency"] += 1_000
    if safety.findings or any(
        not without or each.concept not in TELL_NOTHING
        for each in safety.reading.mentions
    ):
        unfit = set(_unfit(safety, level=level, age=age, person=person))
        told = departments_told(safety, person=person, age=age, without=without)
        _add_told(scores, told, unfit)
    return tuple(sorted(scores, key=lambda code: (-scores[code], code)))


def name_zh(code: str) -> str:
    """Return what a department is called in Chinese."""
    return str(_table()["names_zh"][code])


def _add_complaints(scores: dict[str, float], safety: Safety) -> None:
    reading = safety.reading
    present, general = reading.concepts("present"), reading.concepts("general", "past")
    for complaint in complaints():
        share = (
            1.0
            if complaint.concept in present
            else GENERAL_SHARE
            if complaint.concept in general
            else 0.0
        )
        for code, weight in complaint.departments.items():
            scores[code] += share * weight
    for code in [code for code, score in scores.items() if not score]:
        del scores[code]


def _add_named(scores: dict[str, float], safety: Safety) -> None:
    text = " ".join(sentence.text for sentence in safety.reading.sentences)
    for code, names in _table()["asked_for"].items():
        if any(name in text for name in names if len(name) > len("ent")):
            scores[code] += NAMED


def _add_told(
    scores: dict[str, float], told: Sequence[Guess], unfit: Collection[str]
) -> None:
    """Add what all words together tell; they alone send nobody calm to the emergency."""
    for each in told:
        if each.label not in unfit and each.probability >= UNLIKELY:
            scores[each.label] += TOLD * each.probability


def _unfit(
    safety: Safety, *, level: Level, age: float | None, person: Person
) -> Iterator[str]:
    """Yield the departments that words alone send nobody like this to."""
    present = safety.reading.concepts("present", "general")
    if level not in PRESSING:
        yield "emergency"
    if age is not None and age >= GROWN_YEARS:
        yield "paediatrics"
    if age is not None and age < AGING_YEARS:
        yield "geriatrics"
    if person.sex == "male":
        yield "gynaecology"
    if not (person.pregnant or present & {"pregnant", "pregnancy_told", "women"}):
        yield "obstetrics"


@cache
def _table() -> dict[str, Any]:  # Any: as tomllib gives it
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


DEPARTMENTS: tuple[str, ...] = tuple(_table()["names_zh"])
