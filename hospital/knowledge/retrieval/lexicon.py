"""The medical terms of a Chinese message in English, through a curated lexicon."""

import re
import tomllib
from functools import cache
from pathlib import Path

_TERMS = Path(__file__).with_name("lexicon.toml")
QUESTIONS = "questions"  # words of this table name no subject


def in_english(message: str) -> str:
    """Return the English of the terms in a message in their order, empty where there is none.

    Words of the kind of question alone ("treatment") do not make a search.
    """
    pattern, english, subjects = _lexicon()
    found = list(dict.fromkeys(pattern.findall(message.upper())))
    if not subjects.intersection(found):
        return ""
    return " ; ".join(dict.fromkeys(english[term] for term in found))


@cache
def _lexicon() -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    tables = tomllib.loads(_TERMS.read_text(encoding="utf-8"))
    english: dict[str, str] = {}
    subjects: set[str] = set()
    for name, table in tables.items():
        for meaning, chinese in table.items():
            terms = chinese.upper().split()
            english.update(dict.fromkeys(terms, meaning))
            if name != QUESTIONS:
                subjects.update(terms)
    longest_first = sorted(english, key=len, reverse=True)
    return (
        re.compile("|".join(map(re.escape, longest_first))),
        english,
        frozenset(subjects),
    )
