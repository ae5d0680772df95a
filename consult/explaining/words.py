"""The words of a report that the library explains, each with the sentence it stands in.

A word is found however it is spelled: haematoma and hematoma, one and several, traditional
characters and simplified. The longest counts: a lung nodule is no nodule besides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from consult.language.detect import HAN
from consult.language.normalize import simplified
from hospital.knowledge.sentences import sentences

MOST_READ = 12_000  # characters of one report
_IS_HAN = re.compile(f"[{HAN}]")
_ENDINGS = (("y", "(?:y|ies)"), ("sis", "s[ie]s"), ("", "(?:e?s)?"))


@dataclass(frozen=True, slots=True)
class Term:
    """A word and the key of what explains it."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Found:
    """A word of a report: as it stands there, where, and the key of what explains it."""

    word: str
    sentence: str
    key: str


def find_words(text: str, terms: Iterable[Term], *, most: int) -> tuple[Found, ...]:
    """Return the words of a text that are explained, each once, in their order."""
    text = text[:MOST_READ]
    read = simplified(text)  # character for character: places stay
    by_name = {f"t{n}": term for n, term in enumerate(_longest_first(terms))}
    if not by_name:
        return ()
    regex = re.compile(
        "|".join(f"(?P<{n}>{_regex(t.name)})" for n, t in by_name.items())
    )
    found: dict[str, Found] = {}
    for match in regex.finditer(read):
        term = by_name[str(match.lastgroup)]
        if term.key not in found and len(found) < most:
            word = text[match.start() : match.end()]
            found[term.key] = Found(word, _sentence(text, match.start()), term.key)
    return tuple(found.values())


def quoted_names(heading: str) -> list[str]:
    """Return the words between quotation marks: what a heading asks the meaning of."""
    return re.findall(r"“([^”]+)”", heading)


def beginning(text: str, *, count: int, lang: str) -> str:
    """Return the first sentences of a passage as one piece, word for word."""
    first = sentences(text, lang=lang)[:count]
    if not first:
        return text
    end = text.index(first[-1]) + len(first[-1])
    return text[:end].strip()


def _longest_first(terms: Iterable[Term]) -> list[Term]:
    return sorted(set(terms), key=lambda term: (-len(term.name), term.name))


def _regex(name: str) -> str:
    if _IS_HAN.search(name):
        return r"\s*".join(map(re.escape, simplified(name).split()))
    if name.isupper():
        return rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])"
    parts = [re.escape(part) for part in re.split(r"[\s-]+", name.lower())]
    spelled = r"[\s-]+".join(parts).replace("aem", "a?em").replace("oed", "o?ed")
    ending, either = next(each for each in _ENDINGS if spelled.endswith(each[0]))
    spelled = spelled[: len(spelled) - len(ending)] + either
    return rf"(?i:(?<![a-z]){spelled}(?![a-z]))"


def _sentence(text: str, at: int) -> str:
    """Return the sentence that a place stands in, word for word."""
    start = text.rfind("\n", 0, at) + 1
    line, _, _ = text[start:].partition("\n")
    lang = "zh" if _IS_HAN.search(line) else "en"
    behind = at - start
    for sentence in sentences(line, lang=lang):
        begins = line.index(sentence)
        if begins <= behind < begins + len(sentence):
            return sentence
    return line.strip()
