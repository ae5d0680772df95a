"""Figures of speech: the words of an illness that tell of none, as `忙得喘不过气`.

They are data (`figures.toml`), in the language of `consult.language.patterns`.
"""

import tomllib
from functools import cache
from pathlib import Path

from consult.language.patterns import Pattern, compile_pattern

HIDDEN = "_"  # a word that nothing is looked for in, and that parts what is beside it
_TABLE = Path(__file__).with_name("figures.toml")


def without_figures(text: str, keys: frozenset[str]) -> str:
    """Return a normalized sentence in which each figure of speech is one hidden word.

    Args:
        text: The sentence.
        keys: What patterns of it are looked up by.
    """
    if _keys().isdisjoint(keys):
        return text
    for pattern in _figures():
        if pattern.may_be_in(keys):
            text = pattern.regex.sub(HIDDEN, text)
    return text


@cache
def _keys() -> frozenset[str]:
    return frozenset[str]().union(*(pattern.keys for pattern in _figures()))


@cache
def _figures() -> tuple[Pattern, ...]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(
        compile_pattern(source)
        for language in table.values()
        for source in language["figures"]
    )
