"""A text as terms: English words without their plural, Chinese characters one by one and in pairs."""

import re
import unicodedata
from functools import lru_cache

_TERM = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff]+")
_POSSESSIVE = re.compile(r"['’]s\b")
SHORT = 3  # a shorter word has no plural to lose
LONGEST = 40  # no word; what is longer is noise


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, repeated as often as they stand there."""
    found: list[str] = []
    for run in _TERM.findall(plain(text)):
        if run[0] < "\u3400":
            found.append(singular(run[:LONGEST]))
        else:
            found.extend(run)
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
    return found


def plain(text: str) -> str:
    """Return a text in lower case, full width narrowed, without accents."""
    if text.isascii():
        return _POSSESSIVE.sub("", text.lower())
    decomposed = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _POSSESSIVE.sub("", bare)


_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))
_NO_PLURAL = ("ss", "us", "is")


@lru_cache(maxsize=1 << 16)
def singular(word: str) -> str:
    """Return a word without the ending of an English plural."""
    if len(word) <= SHORT or word.isdigit():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    if word.endswith("s") and not word.endswith(_NO_PLURAL):
        return word.removesuffix("s")
    return word
