"""Patterns of concepts: short to write, linear to match, found by one word that they need.

English: words between spaces, `(a|b c)` for one of several, a `?` behind for what may be
missing, `word*` for any ending, `~` for at most four words between, `~2` for at most two.
Chinese: the same without spaces; `~` stands for at most six characters, `$` for the end.

No pattern repeats without a bound, so none can take longer than its text times a constant.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from consult.language.detect import HAN
from consult.language.errors import LanguageDataError

WORDS_BETWEEN, CHARACTERS_BETWEEN = 4, 6
KEY_LETTERS, SHORT_LETTERS, KEY_CHARACTERS = 5, 3, 2
_TURNS = "(?:no|not|never|without|but|denies|denied)"  # what a gap never spans: the sense turns
_TURNS_ZH = ",不没无未但"
_IS_HAN = re.compile(f"[{HAN}]")
_KEYED = re.compile(f"[{HAN}]+|[a-z0-9']+")
_GROUP = re.compile(r"\(|\)")
_LOOKED_UP = re.compile(
    f"[{HAN}]|[a-z'][a-z0-9'][a-z0-9']|[a-z']{{1,2}}(?![*.a-z0-9'])"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled pattern and the keys of which its text has at least one."""

    regex: re.Pattern[str]
    keys: frozenset[str]
    also: tuple[frozenset[str], ...]  # of each of these one too, before it is tried

    def may_be_in(self, keys: frozenset[str]) -> bool:
        """Whether a text with these keys has one of all that the pattern needs."""
        return self.has_others_in(keys) and not self.keys.isdisjoint(keys)

    def has_others_in(self, keys: frozenset[str]) -> bool:
        """Whether a text in which one of its keys was found has the rest of its needs."""
        return not any(map(keys.isdisjoint, self.also))


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a regular expression and the words of which one must be there."""

    regex: str
    needs: tuple[str, ...]  # empty: nothing
    others: tuple[tuple[str, ...], ...] = ()  # of parts beside it, each as `needs`

    @property
    def weight(self) -> int:
        """How well its words narrow: the length of the shortest."""
        return min((len(word) for word in self.needs), default=0)


def compile_pattern(source: str) -> Pattern:
    """Return the pattern for a source in the language that its letters are of.

    Raises:
        LanguageDataError: Nothing in it must be there, or its brackets do not close.
    """
    is_chinese = bool(_IS_HAN.search(source))
    part = _sequence(source, is_chinese=is_chinese)
    if not part.needs:
        message = f"the pattern {source!r} names no word that it needs"
        raise LanguageDataError(message)
    regex = part.regex if is_chinese else rf"(?<!\S){part.regex}(?!\S)"
    also = [_keys_if_all(needs) for needs in part.others]
    return Pattern(
        regex=re.compile(regex),
        keys=frozenset(_key(word) for word in part.needs),
        also=tuple(keys for keys in also if keys),
    )


def keys_of(text: str) -> set[str]:
    """Return what a normalized text can be looked up by."""
    keys: set[str] = set()
    for run in _KEYED.findall(text):
        if run.isascii():
            keys.add(run[:KEY_LETTERS])
            keys.add(f"{run[:SHORT_LETTERS]}*")
            keys.add(f"{run[: SHORT_LETTERS + 1]}*")
        else:
            keys.update(run)
            keys.update(map("".join, pairwise(run)))
    return keys


def _sequence(source: str, *, is_chinese: bool) -> _Part:
    regex, best, gap, is_first = "", _Part("", ()), "", True
    needed: list[tuple[str, ...]] = []
    for piece in _pieces(source, is_chinese=is_chinese):
        if piece.startswith("~"):
            gap = _gap(piece[1:], is_chinese=is_chinese)
            continue
        is_optional = piece.endswith(")?")
        part = _piece(piece, is_chinese=is_chinese)
        space = "" if is_chinese or is_first else r"\ "
        if is_optional:
            lead = is_first and not is_chinese
            regex += (
                rf"(?:{part.regex}\ )?" if lead else f"(?:{gap}{space}{part.regex})?"
            )
            is_first = lead
        else:
            regex += f"{gap}{space}{part.regex}"
            is_first = False
            best = max(best, part, key=lambda each: each.weight)
            needed.append(part.needs)
        gap = ""
    others = tuple(needs for needs in needed if needs and needs != best.needs)
    return _Part(regex, best.needs, others)


def _piece(piece: str, *, is_chinese: bool) -> _Part:
    if not piece.startswith("("):
        if "?" in piece:
            message = f"{piece!r}: only a group may be missing, write `(…)?`"
            raise LanguageDataError(message)
        words = re.escape(piece).replace(r"\*", r"\S*").replace(r"\ ", r"\ ?")
        words = words.replace(r"\$", r"(?=\W*$)")
        return _Part(words, (piece,))
    inner = piece.removesuffix("?")[1:-1]
    parts = [_sequence(each, is_chinese=is_chinese) for each in _choices(inner)]
    needs = [part.needs for part in parts]
    return _Part(
        f"(?:{'|'.join(part.regex for part in parts)})",
        tuple(word for words in needs for word in words) if all(needs) else (),
    )


def _pieces(source: str, *, is_chinese: bool) -> list[str]:
    """Return groups, gaps and words in order."""
    single = r"~\d*|[^~()]+" if is_chinese else r"~\d*|[^\s~()]+"
    pieces: list[str] = []
    at = 0
    while at < len(source):
        if source[at] == "(":
            end = _closing(source, at)
            end += source[end : end + 1] == "?"
            pieces.append(source[at:end])
            at = end
        elif match := re.compile(single).match(source, at):
            pieces.append(match.group().strip())
            at = match.end()
        else:
            at += 1
    return [piece for piece in pieces if piece]


def _closing(source: str, start: int) -> int:
    depth = 0
    for match in _GROUP.finditer(source, start):
        depth += 1 if match.group() == "(" else -1
        if depth == 0:
            return match.end()
    message = f"a bracket of {source!r} does not close"
    raise LanguageDataError(message)


def _choices(inner: str) -> list[str]:
    choices, depth = [""], 0
    for character in inner:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            choices.append("")
        else:
            choices[-1] += character
    return choices


def _gap(size: str, *, is_chinese: bool) -> str:
    if is_chinese:
        return f"[^{_TURNS_ZH}]{{0,{size or CHARACTERS_BETWEEN}}}?"
    return rf"(?:\ (?!{_TURNS}\ )\S+){{0,{size or WORDS_BETWEEN}}}?"


def _keys_if_all(words: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of which one is needed; none where a word cannot be looked up."""
    if not all(_LOOKED_UP.match(word) for word in words):
        return frozenset()
    return frozenset(_key(word) for word in words)


def _key(word: str) -> str:
    first = word.split(maxsplit=1)[0]
    if _IS_HAN.search(word):
        return first[:KEY_CHARACTERS]
    stem = first.rstrip("*")
    if stem == first or len(stem) >= KEY_LETTERS:
        return stem[:KEY_LETTERS]
    if len(stem) < SHORT_LETTERS:
        message = f"{word!r} is too short for any ending"
        raise LanguageDataError(message)
    return f"{stem}*"
