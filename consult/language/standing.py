"""How a thing said stands: is it so, denied, over, asked in general, or a story.

A cue (`standing.toml`) is read in the sentence of the mention. Scope is kept short: where it
is not clear that a sign is denied or over, it counts as there. A missed emergency costs more
than a question too many.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from consult.language.detect import HAN, Language

Standing = Literal["present", "denied", "past", "general", "fiction"]
DENIAL_WORDS, DENIAL_CHARACTERS = 8, 8
SHORT_WORDS, SHORT_CHARACTERS = 4, 8
_CUES = Path(__file__).with_name("standing.toml")
_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile("[a-z]")
_LISTED = re.compile(r" ?(?:, \S+(?: \S+)?)* ?,? (?:or|nor) ")
_LISTED_ZH = re.compile(r"[、和或及]")


@dataclass(frozen=True, slots=True)
class Frame:
    """What is decided once for a sentence, whatever it mentions."""

    text: str
    is_fiction: bool
    is_general: dict[Language, bool]
    clause_marks: tuple[tuple[int, int], ...]

    @property
    def is_told(self) -> bool:
        """Whether it tells of somebody, and is neither a story nor asked in general."""
        return not self.is_fiction and not any(self.is_general.values())


def frame_of(sentence: str) -> Frame:
    """Return the frame of a normalized sentence."""
    has_latin, has_han = _LATIN.search(sentence), _HAN.search(sentence)
    return Frame(
        text=sentence,
        is_fiction=bool(has_latin and _has("en", "fiction", sentence))
        or bool(has_han and _has("zh", "fiction", sentence)),
        is_general={
            "en": bool(has_latin and _is_general(sentence)),
            "zh": bool(has_han and _is_general_zh(sentence)),
        },
        clause_marks=tuple(
            mark.span() for mark in _cue("en", "clause").finditer(sentence)
        ),
    )


def standing(frame: Frame, start: int, end: int, *, is_chinese: bool) -> Standing:
    """Return how the words between two places of a sentence stand."""
    if frame.is_fiction:
        return "fiction"
    language: Language = "zh" if is_chinese else "en"
    before, behind = frame.text[:start], frame.text[end:]
    is_denied = _is_denied_zh if is_chinese else _is_denied
    if is_denied(before, behind):
        return "denied"
    clause = _clause(frame, start, end)
    has_been = _has_been(clause, frame.text[start:end], language)
    if has_been and not _has(language, "now", clause):
        return "past"
    if _has(language, "over_behind", behind):
        return "past"
    return "general" if frame.is_general[language] else "present"


def _clause(frame: Frame, start: int, end: int) -> str:
    """Return the clause of a mention; a few words before its comma belong to it."""
    sentence = frame.text
    marks = [mark for mark in frame.clause_marks if mark[1] <= start]
    since = marks[-1][0] if marks else 0
    earlier = sentence[marks[-2][1] if len(marks) > 1 else 0 : since]
    is_short = len(earlier.split()) <= SHORT_WORDS and len(earlier) <= (
        SHORT_CHARACTERS if _HAN.search(earlier) else len(earlier)
    )
    if marks and is_short:
        since -= len(earlier)
    till = next((mark[0] for mark in frame.clause_marks if mark[0] >= end), None)
    return sentence[since : len(sentence) if till is None else till]


def _has_been(clause: str, words: str, language: Language) -> bool:
    if language == "zh":
        return _has("zh", "past", clause)
    before = clause.partition(words)[0]
    return _has("en", "past", clause) or _has("en", "past_before", before)


def _is_denied(before: str, behind: str) -> bool:
    if _has("en", "denied_behind", behind):
        return True
    before = _cue("en", "not_a_denial").sub("_", before)
    cues = list(_cue("en", "denial").finditer(before))
    if not cues:
        return False
    scope = before[cues[-1].end() :]
    if _has("en", "ends_denial", scope):
        return False
    is_cut = scope.rstrip().endswith(",")
    if _has("en", "ends_at_comma", f"{scope}, _" if is_cut else scope):
        return _is_listed(scope, behind)
    return len(scope.split()) <= DENIAL_WORDS


def _is_listed(scope: str, behind: str) -> bool:
    """Whether a list goes on behind a comma: `no fever, cough or chest pain`."""
    parts = [part.split() for part in scope.split(",")]
    is_short = all(0 < len(part) <= 3 for part in parts[:-1]) and len(parts[-1]) <= 1
    last = parts[-1][:1]
    return is_short and (bool(_LISTED.match(behind)) or last in (["or"], ["nor"]))


def _is_denied_zh(before: str, behind: str) -> bool:
    if _has("zh", "denied_behind", behind) or _has("zh", "denial_at_once", before):
        return True
    before = _cue("zh", "not_a_denial").sub("_", before)
    cues = list(_cue("zh", "denial").finditer(before))
    if not cues:
        return False
    scope = before[cues[-1].end() :]
    if _has("zh", "ends_denial", scope):
        return False
    return len(scope) <= DENIAL_CHARACTERS or bool(_LISTED_ZH.search(scope))


def _is_general(sentence: str) -> bool:
    if _has("en", "general_anywhere", sentence):
        return not _has("en", "tells", sentence)
    if _has("en", "subject_is_none", sentence):
        return True
    if not _has("en", "general", sentence):
        return False
    asked = _cue("en", "wants_to_know").sub("_", sentence)
    return not _has("en", "somebody", asked)


def _is_general_zh(sentence: str) -> bool:
    if _has("zh", "general_anywhere", sentence):
        return True
    if not _has("zh", "general", sentence) or _has("zh", "at_once", sentence):
        return False
    asked = _cue("zh", "wants_to_know").sub("", sentence)
    return not _has("zh", "somebody", asked)


def _has(language: Language, name: str, text: str) -> bool:
    return _cue(language, name).search(text) is not None


@cache
def _cue(language: Language, name: str) -> re.Pattern[str]:
    return _cues()[language, name]


@cache
def _cues() -> dict[tuple[Language, str], re.Pattern[str]]:
    table = tomllib.loads(_CUES.read_text(encoding="utf-8"))
    languages: tuple[Language, ...] = ("en", "zh")
    return {
        (language, name): _compiled(entry["words"], is_whole=entry.get("whole", False))
        for language in languages
        for name, entry in table[language].items()
    }


def _compiled(words: list[str], *, is_whole: bool) -> re.Pattern[str]:
    choice = "|".join(words)
    return re.compile(rf"(?<!\S)(?:{choice})(?!\S)" if is_whole else choice)
