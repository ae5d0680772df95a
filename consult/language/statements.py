"""A sentence as the verifier reads it: its clauses, what they say, and what is denied."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from consult.language.detect import HAN
from consult.language.medicines import medicines
from consult.language.quantities import quantities

_SUPPORT = Path(__file__).with_name("support.toml")
_TOKEN = re.compile(rf"(?P<word>[a-z]+(?:'[a-z]+)?)|(?P<han>[{HAN}])")
_CLAUSE_END = re.compile(r"[,;:!?，；：！？。]|(?<=[^0-9])\.|\.(?![0-9])")
_HARD_END = re.compile(
    r"[;:!?；：！？。]|\bwhich\b|,(?= ?(?:or |and )?(?:if|when|unless|while)\b)|\.(?![0-9])|\bbut\b|\bbecause of\b|\bbecause\b|但|而是"
)
_LISTED = re.compile(r"\b(?:or|nor)\b")
_AND = re.compile(r"\band\b")
_OR = re.compile(r"\b(?:or|nor) (?:(?:a|an|the|your|any) )?|或者?")
_LISTED_AND = re.compile(r"(?<=,)[^,.;:]*\band (?:(?:a|an|the|your|any) )?")
_CLAUSE_WORDS = 3  # on each side of an `and` that joins clauses, not things
_OR_GOES_ON = re.compile(r"[,，] ?(?:或|和|及|并且|与)")

Kind = Literal["word", "han", "quantity"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a Chinese character or a quantity, with its place in the sentence."""

    kind: Kind
    text: str
    clause: int
    is_denied: bool
    is_neutral: bool
    is_medicine: bool
    is_joined: bool  # an `or` stands before it, or an `and` within a list


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence in one spelling."""

    text: str
    tokens: tuple[Token, ...]
    parts: tuple[str, ...]  # the text of each clause

    @property
    def clauses(self) -> tuple[int, ...]:
        """Return the numbers of the clauses that say something."""
        return tuple(sorted({token.clause for token in self.tokens}))

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of the words stands anywhere in it."""
        return stands(words, self.text)


def statement(text: str) -> Statement:
    """Return a sentence as the verifier reads it.

    Args:
        text: One sentence in English or Chinese, or of both, without citation marks.
    """
    text = canonical(text)
    counted = quantities(text)
    bare = list(text)
    for each in counted:
        bare[each.start : each.end] = " " * (each.end - each.start)
    plain = "".join(bare)
    denied = _denied(plain)
    neutral = _spans(_neutral_zh(), plain)
    for place in _denials(plain):
        neutral[place] = True
    named = _spans(_medicine_pattern(), plain)
    ends = _ends(plain)
    joined = _joined(plain)
    found: list[tuple[int, Token]] = []

    def add(kind: Kind, word: str, place: int) -> None:
        found.append(
            (
                place,
                Token(
                    kind=kind,
                    text=word,
                    clause=sum(end <= place for end in ends),
                    is_denied=denied[place],
                    is_neutral=neutral[place] or word in _neutral_en(),
                    is_medicine=named[place],
                    is_joined=place in joined,
                ),
            )
        )

    for each in counted:
        add("quantity", each.text, each.start)
    for match in _TOKEN.finditer(plain):
        word = match.group()
        if match["han"]:
            add("han", word, match.start())
        elif word not in _negators_en():
            add("word", stem(word), match.start())
    tokens = tuple(token for _, token in sorted(found, key=_place))
    bounds = [0, *ends, len(text)]
    parts = tuple(text[start:end] for start, end in pairwise(bounds))
    return Statement(text, tokens, parts)


def _joined(text: str) -> frozenset[int]:
    """Return the places behind an `or`, and behind an `and` that ends a list."""
    ors = {match.end() for match in _OR.finditer(text)}
    ands = {match.end() for match in _LISTED_AND.finditer(text)}
    return frozenset(ors | ands)


def _ends(text: str) -> list[int]:
    """Return where clauses end: at marks, at a contrast, at an `and` between two of them."""
    ends = {match.end() for match in _CLAUSE_END.finditer(text)}
    ends |= {match.start() for match in _contrast().finditer(text)}
    for match in _AND.finditer(text):
        start = max((end for end in ends if end <= match.start()), default=0)
        end = min((end for end in ends if end > match.start()), default=len(text))
        both = (text[start : match.start()], text[match.end() : end])
        if all(_content_words(side) >= _CLAUSE_WORDS for side in both):
            ends.add(match.start())
    return sorted(ends)


def _content_words(text: str) -> int:
    words = re.findall(r"[a-z]+", text)
    return sum(stem(word) not in _neutral_en() for word in words)


def _place(found: tuple[int, Token]) -> int:
    return found[0]


@cache
def canonical(text: str) -> str:
    """Return a text in lower case with one wording where several say the same."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = (
        text.replace("’", "'").replace("can't", "can not").replace("cannot", "can not")
    )
    text = text.replace("won't", "will not").replace("n't", " not")
    text = re.sub(r"'(?:s|re|ve|ll|d|m)\b", "", text)
    text = re.sub(r"\bno more than\b|\bnot more than\b", "at most", text)
    text = re.sub(r"\b(?:no|not) less than\b", "at least", text)
    text = re.sub(r"[\s\u00a0]+", " ", text)
    text = re.sub(rf"(?<=[{HAN}，。；：、]) | (?=[{HAN}，。；：、])", "", text)
    pattern, first = _same()
    return pattern.sub(lambda match: first[match.group()], text).strip()


@cache
def stem(word: str) -> str:
    """Return an English word without the endings of number and tense."""
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


@cache
def critical_characters() -> frozenset[str]:
    """Return the Chinese characters that must not be matched alone."""
    return frozenset(_support()["critical"]["zh"])


@cache
def words(table: str, *names: str) -> frozenset[str]:
    """Return the words of some lists of the data, as texts are read."""
    lists = [_support()[table][name] for name in names]
    return frozenset(
        canonical(word)
        for each in lists
        for word in (each if isinstance(each, list) else [each])
    )


def stands(phrases: frozenset[str], text: str) -> bool:
    """Whether one of the phrases stands in a text, English ones as whole words."""
    return any(
        bool(re.search(rf"\b{re.escape(phrase)}(?:s|d|es|ed)?\b", text))
        if phrase.isascii()
        else phrase in text
        for phrase in phrases
    )


def _denied(text: str) -> list[bool]:
    """Return for each character whether an odd number of denials reaches it.

    A word such as `不良` denies itself alone: without its first character it is another.
    """
    counts = [0] * len(text)
    words = [match.span() for match in _closed().finditer(text)]
    for match in _denying().finditer(text):
        ends = [end for start, end in words if start <= match.start() < end]
        reach = ends[0] if ends else _reach(text, match.end())
        for place in range(match.end(), reach):
            counts[place] += 1
    return [count % 2 == 1 for count in counts]


def _denials(text: str) -> list[int]:
    """Return the places of the words that deny, which say nothing else."""
    found = _denying().finditer(text)
    return [place for match in found for place in range(*match.span())]


def _reach(text: str, start: int) -> int:
    """Return how far a denial reaches: its clause, and a list that an `or` ends."""
    hard = _HARD_END.search(text, start)
    limit = hard.start() if hard else len(text)
    comma = re.compile("[,，]").search(text, start, limit)
    if comma is None or _LISTED.search(text, comma.end(), limit):
        return limit
    if _OR_GOES_ON.match(text, comma.start()):
        return _reach(text, comma.end())
    return comma.start()


def _spans(pattern: re.Pattern[str], text: str) -> list[bool]:
    marks = [False] * len(text)
    for match in pattern.finditer(text):
        marks[match.start() : match.end()] = [True] * (match.end() - match.start())
    return marks


@cache
def _support() -> dict[str, Any]:  # Any: the file has lists and texts
    return tomllib.loads(_SUPPORT.read_text(encoding="utf-8"))


@cache
def _same() -> tuple[re.Pattern[str], dict[str, str]]:
    groups = [*_support()["same"]["en"], *_support()["same"]["zh"]]
    groups += medicines()["names"]
    first = {word: group[0] for group in groups for word in group}
    for word, head in list(first.items()):
        if word.isascii() and " " not in word and not word.endswith("s"):
            first.setdefault(f"{word}s", f"{head}s")
    return _any_of(first), first


@cache
def _neutral_en() -> frozenset[str]:
    return frozenset(map(stem, _support()["neutral"]["en"].split()))


@cache
def _neutral_zh() -> re.Pattern[str]:
    return _any_of(_support()["neutral"]["zh"].split())


@cache
def _negators_en() -> frozenset[str]:
    return frozenset(_support()["negators"]["en"])


@cache
def _denying() -> re.Pattern[str]:
    tables = _support()["negators"]
    return _any_of([*tables["en"], *tables["zh"]])


@cache
def _closed() -> re.Pattern[str]:
    tables = _support()["negators"]
    return _any_of([*tables["closed"], *tables["words_zh"]])


@cache
def _contrast() -> re.Pattern[str]:
    tables = _support()["contrast"]
    return _any_of([*tables["en"], *tables["zh"]])


@cache
def _medicine_pattern() -> re.Pattern[str]:
    tables = medicines()
    names = {name for group in tables["names"] for name in group}
    latin = "|".join(tables["endings_en"])
    han = "|".join(tables["endings_zh"])
    known = _any_of(names).pattern
    return re.compile(rf"{known}|\b[a-z]{{2,}}(?:{latin})s?\b|[{HAN}]{{1,3}}(?:{han})")


def _any_of(phrases: Any) -> re.Pattern[str]:  # Any: any iterable of texts
    longest = sorted(phrases, key=len, reverse=True)
    latin = "|".join(re.escape(each) for each in longest if each.isascii())
    others = "|".join(re.escape(each) for each in longest if not each.isascii())
    parts = [rf"\b(?:{latin})\b" if latin else "", others]
    return re.compile("|".join(filter(None, parts)))
