"""The medical terms of a Chinese message in English, through a curated lexicon."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TERMS = Path(__file__).with_name("lexicon.toml")
QUESTIONS = "questions"  # words of this table name no subject
DISEASES = "diseases"


def in_english(message: str) -> str:
    """Return the English of the terms in a message in their order, empty where there is none.

    Words of the kind of question alone ("treatment") do not make a search.
    """
    lexicon = _lexicon()
    found = list(dict.fromkeys(lexicon.pattern.findall(message.upper())))
    if all(lexicon.tables[term] == QUESTIONS for term in found):
        return ""
    return " ; ".join(dict.fromkeys(lexicon.english[term] for term in found))


def diseases_in(text: str) -> frozenset[str]:
    """Return the diseases that a Chinese text names, in English: one name for each."""
    lexicon = _lexicon()
    return frozenset(
        lexicon.english[term]
        for term in lexicon.pattern.findall(text.upper())
        if lexicon.tables[term] == DISEASES
    )


class _Lexicon(NamedTuple):
    """Every Chinese term: what finds it, its English, and the table that it stands in."""

    pattern: re.Pattern[str]
    english: dict[str, str]
    tables: dict[str, str]


@cache
def _lexicon() -> _Lexicon:
    english: dict[str, str] = {}
    tables: dict[str, str] = {}
    for name, table in tomllib.loads(_TERMS.read_text(encoding="utf-8")).items():
        for meaning, chinese in table.items():
            terms = chinese.upper().split()
            english.update(dict.fromkeys(terms, meaning))
            tables.update(dict.fromkeys(terms, name))
    longest_first = sorted(english, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return _Lexicon(pattern, english, tables)
