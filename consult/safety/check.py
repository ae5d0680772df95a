"""What of a talk is dangerous: the rules that fire, their level, and what they stand on."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consult.language.concepts_read import Reading, Sentence, read
from consult.safety.ages import age_in
from consult.safety.amounts import has_many_at_once, has_many_pieces
from consult.safety.errors import PersonError
from consult.safety.levels import Level, higher
from consult.safety.rules_read import COUNTED, Kind, Rule, rules
from consult.safety.weighing import Weighed, Weight, weigh
from consult.safety.wordings import length_of

OLDEST = 130
NEAR = 2  # sentences apart that still speak of one thing
MOSTLY = (1 / 2, 2 / 3)  # of a sentence, by one sign or by several together
CRISES = frozenset({"self_harm", "abuse"})
Places = Mapping[str, frozenset[int]]  # of each concept the sentences
# Whose words can put a rule in doubt; of abuse too few are written to weigh any.
_WEIGHED_AS: Mapping[Kind, Weighed] = {
    "self_harm": "self_harm",
    "emergency": "emergency",
    "poisoning": "emergency",
}
_COUNTS: Mapping[str, Callable[[str], bool]] = {
    "many_counted": has_many_pieces,
    "many_at_once": has_many_at_once,
}


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
    """One rule that fired, with the words that made it.

    Attributes:
        is_sure: False where all words together sound like no danger: then somebody is
            asked, and nothing alarms.
    """

    rule: str
    kind: Kind
    level: Level
    words: tuple[str, ...]
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Safety:
    """The findings of a talk, the most urgent level of them, and the reading.

    Attributes:
        asks: The dangers that are neither heard nor ruled out: one question settles it.
        near: The dangers that words come near to: a second opinion settles it.
    """

    findings: tuple[Finding, ...]
    level: Level
    reading: Reading
    asks: tuple[Weighed, ...] = ()
    near: tuple[Weighed, ...] = ()

    @property
    def heard(self) -> tuple[Finding, ...]:
        """What fired and is not in doubt."""
        return tuple(found for found in self.findings if found.is_sure)

    @property
    def is_crisis(self) -> bool:
        """Whether somebody may harm themselves or is being harmed."""
        return any(found.kind in CRISES for found in self.heard)

    @property
    def is_emergency(self) -> bool:
        """Whether somebody needs help at once."""
        return self.level == "emergency"


def check(turns: Sequence[str], *, person: Person | None = None) -> Safety:
    """Return what the turns of one person say of danger, oldest turn first."""
    person = person or Person()
    reading = read(turns)
    weights = weigh(reading)
    counted = _counted(reading, person, weights)
    age = person.age
    if age is None:
        age = age_in(sentence.text for sentence in reading.sentences)
    places = reading.places("present", "general")
    present, asked = {**reading.places("present"), **counted}, {**places, **counted}
    past = {**reading.places("present", "past"), **counted}
    told = dict.fromkeys(
        (each.concept, each.words)
        for each in reading.mentions
        if each.standing == "present"
    )
    findings = tuple(
        _found(
            rule,
            _words(rule, told),
            is_sure=_is_sure(rule, person, weights, reading=reading, places=places),
        )
        for rule in rules()
        if _fires(rule, asked if rule.asked else past if rule.past else present, age)
    )
    return Safety(
        findings,
        higher(*(each.level for each in findings)),
        reading,
        asks=_asks(findings, weights),
        near=tuple(kind for kind, weight in weights.items() if weight.is_near),
    )


def _found(rule: Rule, words: tuple[str, ...], *, is_sure: bool) -> Finding:
    """Return what a rule found; in doubt it is urgent at most, and asked about."""
    level: Level = rule.level
    if not is_sure and level == "emergency":
        level = "urgent"
    return Finding(rule.id, rule.kind, level, words, is_sure)


def _is_sure(
    rule: Rule,
    person: Person,
    weights: Mapping[Weighed, Weight],
    *,
    reading: Reading,
    places: Places,
) -> bool:
    """Whether the words around do not sound calm.

    An age, a pregnancy told elsewhere, a count of tablets and what comes together over
    turns they do not weigh.
    """
    has_age = rule.min_age is not None or rule.max_age is not None
    is_with_child = person.pregnant and not reading.present("pregnant")
    return (
        rule.kind == "abuse"
        or (rule.level != "emergency" and rule.kind not in CRISES)
        or has_age
        or "many_at_once" in frozenset[str]().union(*rule.groups)
        or _is_over_turns(rule, reading.sentences, places)
        or (is_with_child and "is_pregnant" in frozenset().union(*rule.groups))
        or not weights[_WEIGHED_AS[rule.kind]].is_light
        or _is_bare(rule, reading)
    )


def _is_bare(rule: Rule, reading: Reading) -> bool:
    """Whether its signs are all that is said: around `I can't breathe` are no calm words."""
    if rule.kind != "emergency":
        return False
    wanted, mostly = frozenset[str]().union(*rule.groups), MOSTLY[len(rule.groups) > 1]
    told: dict[int, set[str]] = defaultdict(set)
    for each in reading.mentions:
        if each.concept in wanted and each.standing == "present":
            told[each.sentence].add(each.words)
    return any(
        _length_together(words) >= mostly * length_of(reading.sentences[number].text)
        for number, words in told.items()
    )


def _length_together(words: set[str]) -> int:
    """Return how long these words are; what another of them holds counts once."""
    return sum(
        length_of(each)
        for each in words
        if not any(each != other and each in other for other in words)
    )


def _is_over_turns(rule: Rule, sentences: Sequence[Sentence], places: Places) -> bool:
    """Whether no turn alone names all that the rule needs."""
    if sentences[-1].turn == 0:
        return False
    turns = [
        {
            sentences[number].turn
            for concept in group
            for number in places.get(concept, ())
        }
        for group in rule.groups
        if not group <= COUNTED
    ]
    return bool(turns) and not set[int].intersection(*turns)


def _asks(
    findings: Sequence[Finding], weights: Mapping[Weighed, Weight]
) -> tuple[Weighed, ...]:
    """Return which dangers are open: words near to it, or a rule in doubt, and none heard."""
    by_words = [each for each in findings if each.kind != "abuse"]
    heard = {
        _WEIGHED_AS[each.kind]
        for each in by_words
        if each.is_sure and (each.level == "emergency" or each.kind in CRISES)
    }
    unsure = {_WEIGHED_AS[each.kind] for each in by_words if not each.is_sure}
    return tuple(
        kind
        for kind, weight in weights.items()
        if kind not in heard and (weight.asks or kind in unsure)
    )


def _counted(
    reading: Reading, person: Person, weights: Mapping[Weighed, Weight]
) -> dict[str, frozenset[int]]:
    everywhere = frozenset(sentence.number for sentence in reading.sentences)
    many = {
        name: frozenset(each.number for each in reading.sentences if counts(each.text))
        for name, counts in _COUNTS.items()
    }
    is_pregnant = person.pregnant or reading.present("pregnant")
    return {
        **many,
        "weighs_self_harm": weights["self_harm"].heavy,
        "weighs_emergency": weights["emergency"].heavy,
        "is_pregnant": everywhere if is_pregnant else frozenset(),
    }


def _fires(rule: Rule, places_of: Places, age: float | None) -> bool:
    if rule.min_age is not None and (age is None or age < rule.min_age):
        return False
    if rule.max_age is not None and (age is None or age > rule.max_age):
        return False
    if not rule.unless.isdisjoint(places_of):
        return False
    if any(map(places_of.keys().isdisjoint, rule.groups)):
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


def _words(rule: Rule, told: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what a rule stands on, of all concepts told now and their words."""
    wanted = frozenset[str]().union(*rule.groups)
    return tuple(dict.fromkeys(words for concept, words in told if concept in wanted))
