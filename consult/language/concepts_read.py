"""The concepts that a message names, each with its place and its standing."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from consult.language.detect import HAN
from consult.language.errors import LanguageDataError
from consult.language.figures import without_figures
from consult.language.normalize import normalize
from consult.language.patterns import Pattern, compile_pattern, keys_of
from consult.language.standing import Standing, frame_of, standing

_CONCEPTS = Path(__file__).with_name("concepts")
_SENTENCE = re.compile(r"(?:[^.!?;。！？；…\n]|(?<=\d)\.(?=\d))+[.!?;。！？；…]?")
_IS_HAN = re.compile(f"[{HAN}]")
_HAS_DENIAL = re.compile(r"\b(?:no|not|never|without)\b|[不没无未]")
LONGEST_SENTENCE = (
    240  # a wall of words without a stop is cut, so that scope stays near
)
MOST_MENTIONS = 8  # of one concept; more of the same says nothing new
AT_ONCE = 16  # talks that are read at a time, by the threads of a process
LESS = 0.1  # what a mention counts of what is not there now


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a concept is named."""

    concept: str
    sentence: int
    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as the rules read it."""

    text: str
    number: int
    keys: frozenset[str]  # what patterns of it are looked up by
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that the turns of a talk name, in order."""

    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]

    def present(self, concept: str) -> bool:
        """Whether somebody has it now."""
        return any(
            mention.concept == concept and mention.standing == "present"
            for mention in self.mentions
        )

    def concepts(self, *standings: Standing) -> frozenset[str]:
        """Return the concepts that stand so at least once."""
        return frozenset(
            mention.concept
            for mention in self.mentions
            if mention.standing in standings
        )

    def sentences_with(self, concept: str) -> frozenset[int]:
        """Return the numbers of the sentences in which somebody has it now."""
        return self.places("present").get(concept, frozenset())

    def places(self, *standings: Standing) -> dict[str, frozenset[int]]:
        """Return the sentences in which each concept stands so."""
        places: dict[str, set[int]] = defaultdict(set)
        for mention in self.mentions:
            if mention.standing in standings:
                places[mention.concept].add(mention.sentence)
        return {concept: frozenset(numbers) for concept, numbers in places.items()}


def read(turns: Iterable[str]) -> Reading:
    """Return the reading of the turns of one person, oldest first.

    The last few are kept: danger, mood, intent and interview ask for the same one.
    """
    return _read(tuple(turns))


@lru_cache(maxsize=AT_ONCE)
def _read(turns: tuple[str, ...]) -> Reading:
    sentences: list[Sentence] = []
    seen: set[str] = set()
    for turn, said in enumerate(turns):
        for text in _sentences(normalize(said)):
            if text not in seen:
                seen.add(text)
                keys = frozenset(keys_of(text))
                told = without_figures(text, keys)
                sentences.append(Sentence(told, len(sentences), keys, turn))
    counts: dict[str, float] = defaultdict(float)
    spent: set[int] = set()
    mentions: list[Mention] = []
    for sentence in sentences:
        for mention in _mentions(sentence, spent):
            counts[mention.concept] += 1 if mention.standing == "present" else LESS
            mentions.append(mention)
            if counts[mention.concept] >= MOST_MENTIONS:
                spent |= _of_concepts()[mention.concept]
    return Reading(tuple(sentences), tuple(mentions))


def _sentences(text: str) -> Iterable[str]:
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        while len(sentence) > LONGEST_SENTENCE:
            cut = max(
                sentence.rfind(mark, 0, LONGEST_SENTENCE) for mark in (",", "、", " ")
            )
            cut = cut if cut > 0 else LONGEST_SENTENCE
            yield sentence[:cut].strip()
            sentence = sentence[cut:].strip(" ,、")
        if sentence:
            yield sentence


def _mentions(sentence: Sentence, spent: set[int]) -> Iterable[Mention]:
    """Yield what a sentence names; patterns that are spent are looked for no more."""
    entries, index = _entries()
    text = sentence.text
    keys = [index[key] for key in sentence.keys if key in index]
    if not keys:
        return
    excluded: dict[str, list[tuple[int, int]]] = defaultdict(list)
    spans: list[tuple[str, int, int]] = []
    for number in sorted(frozenset[int]().union(*keys) - spent):
        concept, is_excluding, pattern = entries[number]
        if pattern.also and not pattern.has_others_in(sentence.keys):
            continue
        for match in pattern.regex.finditer(text):
            if is_excluding:
                excluded[concept].append(match.span())
            else:
                spans.append((concept, *match.span()))
    kept = [
        (concept, start, end)
        for concept, start, end in spans
        if concept not in excluded
        or not any(start < till and since < end for since, till in excluded[concept])
    ]
    if not kept:
        return
    hidden = frame_of(_without_their_own_denials(text, kept))
    states: dict[tuple[int, int], Standing] = {}
    for concept, start, end in kept:
        state = states.get((start, end))
        if state is None:
            is_chinese = bool(_IS_HAN.search(text, start, end))
            state = standing(hidden, start, end, is_chinese=is_chinese)
            states[start, end] = state
        for name in (concept, *_implied().get(concept, ())):
            yield Mention(name, sentence.number, state, text[start:end])


def _without_their_own_denials(text: str, spans: list[tuple[str, int, int]]) -> str:
    """Return the text with what each mention spans hidden, where it holds a `not`.

    In `I can not breathe and my chest hurts` nothing is denied.
    """
    for concept, start, end in spans:
        if concept not in _denying() and _HAS_DENIAL.search(text, start, end):
            text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return text


@cache
def _entries() -> tuple[list[tuple[str, bool, Pattern]], dict[str, frozenset[int]]]:
    """Return every pattern with its concept, and their numbers by what they need."""
    entries: list[tuple[str, bool, Pattern]] = []
    index: dict[str, set[int]] = defaultdict(set)
    for concept, entry in _concepts().items():
        for part in ("en", "zh", "not"):
            for pattern in map(compile_pattern, entry.get(part, ())):
                for key in pattern.keys:
                    index[key].add(len(entries))
                entries.append((concept, part == "not", pattern))
    return entries, {key: frozenset(numbers) for key, numbers in index.items()}


@cache
def _of_concepts() -> dict[str, frozenset[int]]:
    """Return the numbers of the patterns of each concept."""
    numbers: dict[str, set[int]] = {concept: set() for concept in _concepts()}
    for number, (concept, _, _) in enumerate(_entries()[0]):
        numbers[concept].add(number)
    return {concept: frozenset(each) for concept, each in numbers.items()}


@cache
def _concepts() -> dict[str, dict[str, list[str]]]:
    return {
        concept: entry
        for path in sorted(_CONCEPTS.glob("*.toml"))
        for concept, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


@cache
def _denying() -> frozenset[str]:
    """Return the concepts whose own words deny something else: `denies = true`."""
    return frozenset(name for name, entry in _concepts().items() if entry.get("denies"))


@cache
def _implied() -> dict[str, tuple[str, ...]]:
    """Return what else somebody has who has a concept: `implies`, one step deep."""
    implied = {
        concept: tuple(entry["implies"])
        for concept, entry in _concepts().items()
        if "implies" in entry
    }
    unknown = {name for names in implied.values() for name in names} - concept_names()
    if unknown:
        message = f"concepts imply unknown ones: {sorted(unknown)}"
        raise LanguageDataError(message)
    return implied


@cache
def concept_names() -> frozenset[str]:
    """Return every concept that the data knows."""
    return frozenset(_concepts())
