"""What the words of a sentence weigh together: a wish to die, or an emergency.

People say it in more ways than patterns can name. Each word, pair of words, run of up to three
Chinese characters and named concept has a weight by itself and a rarity; the weights of a
sentence are added and divided by the length that its rarities give it. The table is data
(`weights/*.json`), made from sentences written for the product by
`manage.py weigh_words`, and can be read: nothing else decides.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, islice, tee
from pathlib import Path
from typing import Literal, get_args

from consult.language.concepts_read import AT_ONCE, Reading, Sentence
from consult.language.detect import HAN, Language
from consult.language.standing import frame_of
from consult.safety.explained import unexplained
from consult.safety.wordings import Names, length_of, named_by, words_of

Weighed = Literal["self_harm", "emergency"]
KINDS: tuple[Weighed, ...] = get_args(Weighed)
WEIGHTS = Path(__file__).parent / "weights"
MOST_OF_A_PART, MOST_WORDS_OF_A_PART = 4, 60  # short sentences are weighed together
MOST_PARTS = 8  # of one kind; more of the same says nothing new
FEW_SENTENCES = 60  # of a longer message each sentence is weighed alone, for speed
MOST_CHANCES = 8  # of many sentences one is heavier by chance: so many ask for more
OF_CHANCE = 0.7
OF_A_CLAUSE = 1.0  # alone it weighs more by chance
LEAST_LENGTH = 500.0  # squared: a few known words weigh less than a sentence
# These say it openly: where they are denied, over or told of a story, so is the sentence.
OPEN = frozenset(
    {"suicide_intent", "suicide_indirect", "self_injury", "last_acts", "nonexistence"}
)
DENIAL = "wish_to_die_denied"
_IS_HAN = re.compile(f"[{HAN}]")
_CLAUSE = re.compile(r" ?[,，、] ?| (?:but|and) |但是?")


@dataclass(frozen=True, slots=True)
class Table:
    """What each name weighs, and by language the log-odds that decide.

    Attributes:
        thresholds: From here on words alarm.
        asks: From here on somebody is asked.
        nears: From here on a second opinion may alarm.
        doubts: Below, what a rule hears is in doubt.
        bias: Log-odds of a sentence that weighs nothing.
        weights: Of each name its weight and its rarity.
        made_from: How many sentences of danger, and calm ones, it was made from.
    """

    thresholds: Mapping[Language, float]
    asks: Mapping[Language, float]
    nears: Mapping[Language, float]
    doubts: Mapping[Language, float]
    bias: float
    weights: Mapping[str, Sequence[float]]
    made_from: Mapping[str, int]

    def needed(self, limits: Mapping[Language, float]) -> dict[Language, float]:
        """Return limits as what weights alone must reach, the bias left out."""
        return {language: limit - self.bias for language, limit in limits.items()}


@cache
def table_of(kind: Weighed) -> Table:
    """Return the table in use, read once."""
    path = WEIGHTS / f"{kind}.json"
    return Table(**json.loads(path.read_text(encoding="utf-8")))


class Loads(dict[int, tuple[float, float]]):
    """Of each sentence the sum of its weights, and of its squared rarities."""

    def __init__(
        self,
        names_of: Mapping[int, set[str]],
        known: Mapping[str, Sequence[float]],
    ) -> None:
        super().__init__()
        self._names_of, self._known = names_of, known

    def __missing__(self, number: int) -> tuple[float, float]:
        self[number] = load = load_of(self._names_of[number], self._known)
        return load


@dataclass(frozen=True, slots=True)
class Weight:
    """What the words of a talk weigh of one kind.

    Attributes:
        heavy: The sentences that weigh enough, alone or with the next.
        is_light: Whether all of it weighs less than danger does that a rule hears.
        asks: Whether it is too light to alarm, and too heavy to be passed over.
        is_near: Whether it is so heavy that with a second opinion it alarms.
    """

    heavy: frozenset[int]
    is_light: bool
    asks: bool
    is_near: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that are weighed together, and how many others of their turn are."""

    sentences: tuple[Sentence, ...]
    score: float
    among: int

    @property
    def language(self) -> Language:
        return "zh" if _IS_HAN.search(self.sentences[0].text) else "en"


@lru_cache(maxsize=AT_ONCE)
def weigh(reading: Reading) -> Mapping[Weighed, Weight]:
    """Return by kind what the words of a talk weigh."""
    names_of = Names(reading)
    return {kind: _weight(reading, kind, names_of) for kind in KINDS}


def _weight(
    reading: Reading, kind: Weighed, names_of: Mapping[int, set[str]]
) -> Weight:
    table = table_of(kind)
    loads = Loads(names_of, table.weights)
    weighed, again = tee(parts_of(reading.sentences, loads))
    heavy = _heavy(reading, kind, loads, weighed)
    if heavy:
        rest = unexplained(reading) if kind == "emergency" else None
        if rest is not None:
            loads = Loads(Names(rest), table.weights)
            heavy = _heavy(rest, kind, loads, parts_of(rest.sentences, loads))
        return Weight(heavy, is_light=False, asks=not heavy, is_near=bool(heavy))
    parts = list(again)
    doubts = table.needed(table.doubts)
    is_light = all(part.score < doubts[part.language] for part in parts)
    if is_light and len(reading.sentences) <= MOST_OF_A_PART:
        is_light = not _has_heavy_clause(reading, table.weights, doubts)
    asks, is_near = (
        any(True for _ in told_parts(reading, kind, loads, parts, needed=needed))
        for needed in (table.needed(table.asks), table.needed(table.nears))
    )
    rest = unexplained(reading) if is_near and kind == "emergency" else None
    if rest is not None:
        loads = Loads(Names(rest), table.weights)
        parts = list(parts_of(rest.sentences, loads))
        near = table.needed(table.nears)
        is_near = any(True for _ in told_parts(rest, kind, loads, parts, needed=near))
    return Weight(heavy, is_light, asks, is_near)


def _heavy(
    reading: Reading,
    kind: Weighed,
    loads: Mapping[int, tuple[float, float]],
    parts: Iterable[Part],
) -> frozenset[int]:
    """Return the sentences whose words weigh enough to alarm."""
    table = table_of(kind)
    alarm = table.needed(table.thresholds)
    told = islice(told_parts(reading, kind, loads, parts, needed=alarm), MOST_PARTS)
    return frozenset(number for _, part in told for number in part)


def _has_heavy_clause(
    reading: Reading,
    known: Mapping[str, Sequence[float]],
    doubts: Mapping[Language, float],
) -> bool:
    """Whether a clause alone is heavy: `I want to book, I have crushing chest pain`."""
    for sentence in reading.sentences:
        clauses = _CLAUSE.split(sentence.text)
        for clause in clauses if len(clauses) > 1 else ():
            names = words_of(clause).union(
                *(
                    named_by(each)
                    for each in reading.mentions
                    if each.sentence == sentence.number and each.words in clause
                )
            )
            language: Language = "zh" if _IS_HAN.search(clause) else "en"
            if _per_length(*load_of(names, known)) >= doubts[language] + OF_A_CLAUSE:
                return True
    return False


def load_of(
    names: Set[str], known: Mapping[str, Sequence[float]]
) -> tuple[float, float]:
    """Return the sum of the weights of names, and of their squared rarities."""
    weight = square = 0.0
    for pair in map(known.get, names):
        if pair:
            weight += pair[0]
            square += pair[1] * pair[1]
    return weight, square


def told_parts(
    reading: Reading,
    kind: Weighed,
    loads: Mapping[int, tuple[float, float]],
    parts: Iterable[Part],
    *,
    needed: Mapping[Language, float],
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield what weighs enough: a sentence, or short ones in a row, told of somebody."""
    taken_back: set[int] | None = None
    for part in parts:
        more = OF_CHANCE * math.log(min(MOST_CHANCES, part.among))
        enough = needed[part.language] + more
        if part.score < enough:
            continue
        if taken_back is None:
            taken_back = _taken_back(reading) if kind == "self_harm" else set()
        told = [
            each
            for each in part.sentences
            if each.number not in taken_back and _is_told(each.text, kind)
        ]
        score = _score(told, loads)
        if told and (len(told) == len(part.sentences) or score >= enough):
            yield score - more, tuple(each.number for each in told)


def parts_of(
    sentences: Sequence[Sentence], loads: Mapping[int, tuple[float, float]]
) -> Iterator[Part]:
    """Yield what is weighed together: of each turn its parts, and short talks so far."""
    so_far: list[Sentence] = []
    total = 0
    for _, turn in groupby(sentences, key=lambda each: each.turn):
        said = list(turn)
        lengths = [length_of(each.text) for each in said]
        parts = list(_parts(said, lengths))
        for part in parts:
            yield Part(part, _score(part, loads), len(parts))
        so_far += said
        total += sum(lengths)
        if len(said) < len(so_far) and total <= MOST_WORDS_OF_A_PART:
            yield Part(tuple(so_far), _score(so_far, loads), 1)


def _parts(
    sentences: Sequence[Sentence], lengths: Sequence[int]
) -> Iterator[tuple[Sentence, ...]]:
    """Yield a short message whole, else each sentence, alone and with short ones behind it."""
    if sum(lengths) <= MOST_WORDS_OF_A_PART:
        yield tuple(sentences)
        return
    for first in range(len(sentences)):
        yield (sentences[first],)
        total = lengths[first]
        if len(sentences) > FEW_SENTENCES:
            continue
        for last in range(first + 1, min(len(sentences), first + MOST_OF_A_PART)):
            total += lengths[last]
            if total > MOST_WORDS_OF_A_PART:
                break
            yield tuple(sentences[first : last + 1])


def _score(part: Sequence[Sentence], loads: Mapping[int, tuple[float, float]]) -> float:
    return _per_length(
        sum(loads[each.number][0] for each in part),
        sum(loads[each.number][1] for each in part),
    )


def _per_length(weight: float, square: float) -> float:
    return weight / math.sqrt(max(square, LEAST_LENGTH))


def _is_told(text: str, kind: Weighed) -> bool:
    """Whether it is no story; who asks in general how to die may ask of themselves."""
    frame = frame_of(text)
    return not frame.is_fiction if kind == "self_harm" else frame.is_told


def _taken_back(reading: Reading) -> set[int]:
    """Return the sentences in which what is said openly is denied, over or a story."""
    openly = [each for each in reading.mentions if each.concept in OPEN]
    present = {each.sentence for each in openly if each.standing == "present"}
    denied = {each.sentence for each in reading.mentions if each.concept == DENIAL}
    return ({each.sentence for each in openly} | denied) - present
