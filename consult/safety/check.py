"""What of a talk is dangerous: the rules that fire, their level, and what they stand on."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.language.concepts_read import Reading, read
from consult.safety.ages import age_in
from consult.safety.errors import PersonError
from consult.safety.levels import Level, higher
from consult.safety.rules_read import Kind, Rule, rules
from consult.safety.weighing import sentences_that_weigh

OLDEST = 130
MANY_PILLS = 8  # above every single dose on sale; below what poisons of common tablets
NEAR = 2  # sentences apart that still speak of one thing
_MANY = re.compile(
    r"(?<![\d.])(\d{1,4}|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|十几|二十|三十|四十|五十|几十|上百|一百) ?"
    r"(?:\S+ ){0,3}?(?:多)?(?:\S{0,6}(?:pills?|tablets?|capsules?|gummies)|个?(?:片|颗|粒|枚))"
)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of who has it: years, sex, pregnancy and measured vitals."""

    age: float | None = None
    sex: str | None = None
    pregnant: bool = False
    vitals: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.age is not None and not 0 <= self.age <= OLDEST:
            message = f"age {self.age} is not between 0 and {OLDEST} years"
            raise PersonError(message)
        for name, value in self.vitals.items():
            if not math.isfinite(value):
                message = f"{name} is {value}, which is no number that can be measured"
                raise PersonError(message)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired, with the words that made it."""

    rule: str
    kind: Kind
    level: Level
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    """The findings of a talk, the most urgent level of them, and the reading."""

    findings: tuple[Finding, ...]
    level: Level
    reading: Reading

    @property
    def is_crisis(self) -> bool:
        """Whether somebody may harm themselves or is being harmed."""
        return any(found.kind in {"self_harm", "abuse"} for found in self.findings)

    @property
    def is_emergency(self) -> bool:
        """Whether somebody needs help at once."""
        return self.level == "emergency"


def check(turns: Sequence[str], *, person: Person | None = None) -> Safety:
    """Return what the turns of one person say of danger, oldest turn first."""
    person = person or Person()
    reading = read(turns)
    counted = _counted(reading, person)
    age = person.age
    if age is None:
        age = age_in(sentence.text for sentence in reading.sentences)
    present = {**reading.places("present"), **counted}
    asked = {**reading.places("present", "general"), **counted}
    findings = tuple(
        Finding(rule.id, rule.kind, rule.level, _words(rule, reading))
        for rule in rules()
        if _fires(rule, asked if rule.asked else present, age)
    )
    return Safety(findings, higher(*(each.level for each in findings)), reading)


def _counted(reading: Reading, person: Person) -> dict[str, frozenset[int]]:
    everywhere = frozenset(sentence.number for sentence in reading.sentences)
    weighed = sentences_that_weigh(reading)
    many = frozenset(
        sentence.number for sentence in reading.sentences if _has_many(sentence.text)
    )
    is_pregnant = person.pregnant or reading.present("pregnant")
    return {
        "many_counted": many,
        "weighs_self_harm": weighed["self_harm"],
        "weighs_emergency": weighed["emergency"],
        "is_pregnant": everywhere if is_pregnant else frozenset(),
    }


def _has_many(text: str) -> bool:
    for match in _MANY.finditer(text):
        number = match.group(1)
        if not number.isdigit() or int(number) >= MANY_PILLS:
            return True
    return False


def _fires(
    rule: Rule, places_of: Mapping[str, frozenset[int]], age: float | None
) -> bool:
    if rule.min_age is not None and (age is None or age < rule.min_age):
        return False
    if rule.max_age is not None and (age is None or age > rule.max_age):
        return False
    if not rule.unless.isdisjoint(places_of):
        return False
    places = [
        frozenset[int]().union(
            *(places_of[concept] for concept in group if concept in places_of)
        )
        for group in rule.groups
    ]
    if not all(places):
        return False
    return not rule.together or any(
        all(any(abs(there - here) < NEAR for there in place) for place in places[1:])
        for here in places[0]
    )


def _words(rule: Rule, reading: Reading) -> tuple[str, ...]:
    wanted = frozenset[str]().union(*rule.groups)
    return tuple(
        dict.fromkeys(
            mention.words
            for mention in reading.mentions
            if mention.concept in wanted and mention.standing == "present"
        )
    )
