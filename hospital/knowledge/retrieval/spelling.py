"""Words mended by the library's own names, and abbreviations by what it writes out.

A word is mended only where neither the library nor the encoder knows it, so that an
ordinary word is never bent into a disease.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from hospital.knowledge.retrieval.question import stop_terms
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.tokens import plain, singular

SHORTEST_MENDED = 5
SLIPS = ((8, 2), (0, 1))  # letters from which so many slips are forgiven
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+")
_LATIN = re.compile(r"[a-z]{4,}")
_IN_BRACKETS = re.compile(r" \(([A-Z][A-Z0-9-]{1,6})s?\)")
_WORDS_BEHIND = re.compile(r"(?:[A-Za-z][\w'-]* ){0,10}[A-Za-z][\w'-]*$")
REACH = 120  # characters before a bracket in which its words stand
SHORT = 2  # such an abbreviation counts only in capitals
SHOUTING = 0.4  # share of capitals from which they mean nothing
FEWEST_WORDS = 2  # that are worth an abbreviation
WORDS_BEFORE = 3  # beyond its letters that it may stand for


@dataclass(slots=True)
class Spelling:
    """What a library knows of words.

    Attributes:
        names: How often each word stands in a name.
        known: Words that are right as they are.
        abbreviations: What each stands for, by its small letters.
    """

    names: Mapping[str, int]
    known: Collection[str]
    abbreviations: Mapping[str, str]
    _by_letter: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_letter = defaultdict(list)
        for name in self.names:
            self._by_letter[name[0]].append(name)

    def mended(self, message: str) -> str:
        """Return a message with its slips mended and its abbreviations written out."""
        capitals = sum(letter.isupper() for letter in message)
        all_capitals = capitals > SHOUTING * sum(map(str.isalpha, message))
        seen: dict[str, str] = {}

        def mend(match: re.Match[str]) -> str:
            word = match[0]
            if word not in seen:
                meaning = self._meaning(word, all_capitals=all_capitals)
                seen[word] = f"{word} ({meaning})" if meaning else self._word(word)
            return seen[word]

        return _WORD.sub(mend, message)

    def _meaning(self, word: str, *, all_capitals: bool) -> str | None:
        small = word.lower()
        if small not in self.abbreviations:
            return None
        in_capitals = word.isupper() and not all_capitals
        if not in_capitals and (len(word) <= SHORT or self._is_known(small)):
            return None
        return self.abbreviations[small]

    def _is_known(self, word: str) -> bool:
        one = singular(plain(word))
        return word in self.known or one in self.known or one in stop_terms()

    def _word(self, word: str) -> str:
        small = plain(word)
        if len(word) < SHORTEST_MENDED or not small.isalpha() or self._is_known(small):
            return word
        slipped = singular(small)
        if slipped in self.names:
            return word
        letters = set(slipped)
        forgiven = next(slips for length, slips in SLIPS if len(slipped) >= length)
        near = [
            (distance, -self.names[name], name)
            for name in self._by_letter[slipped[0]]
            if abs(len(name) - len(slipped)) <= forgiven
            and len(letters ^ set(name)) <= 2 * forgiven
            and (distance := slips_between(slipped, name, most=forgiven)) <= forgiven
        ]
        return min(near)[2] if near else word


def slips_between(one: str, other: str, *, most: int) -> int:
    """Return how many letters must be changed, added, dropped or swapped, or `most` + 1."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, its in enumerate(other, start=1):
            cheapest = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cheapest = min(cheapest, before[j - 2] + 1)
            row.append(cheapest)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]


def spelling_of(texts: Iterable[Text]) -> Spelling:
    """Return what the names and bodies of a library teach of words."""
    names: Counter[str] = Counter()
    known: set[str] = set()
    meanings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    named: set[str] = set()
    for text in texts:
        known.update(singular(word) for word in _LATIN.findall(plain(text.body)))
        named.update((text.focus, *text.synonyms))
        for short, words in _written_out(text.body):
            meanings[short][words] += 1
    for name in named:
        names.update({singular(word) for word in _LATIN.findall(plain(name))})
        for short, words in _written_out(name):
            meanings[short][words] += 3
    initials = _initials(named)
    return Spelling(
        names=dict(names),
        known=known,
        abbreviations={
            **initials,
            **{short: words.most_common(1)[0][0] for short, words in meanings.items()},
        },
    )


def _written_out(text: str) -> Iterable[tuple[str, str]]:
    """Yield each abbreviation in brackets with the words before it that it stands for.

    References:
        A. Schwartz, M. Hearst: A simple algorithm for identifying abbreviation definitions
        in biomedical text, Pacific Symposium on Biocomputing 2003.
    """
    for match in _IN_BRACKETS.finditer(text):
        before = _WORDS_BEHIND.search(
            text[max(match.start() - REACH, 0) : match.start()]
        )
        letters = match[1].replace("-", "").lower()
        words = before[0].split()[-(len(letters) + WORDS_BEFORE) :] if before else []
        meaning = _stands_for(" ".join(words).lower(), letters)
        if meaning and len(meaning.split()) >= FEWEST_WORDS:
            yield letters, meaning


def _stands_for(words: str, letters: str) -> str | None:
    at = len(words)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not (
            words[at] == letters[place]
            and (place or at == 0 or not words[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    return words[at:]


_SMALL = frozenset({"of", "the", "and", "with", "to", "in", "by", "for"})
INITIALS = (3, 6)
RIVALS = 3  # names that share their initials; more make them mean nothing


def _initials(names: Iterable[str]) -> dict[str, str]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        words = re.findall(r"[a-z0-9]+", plain(name))
        letters = [word[0] for word in words if word not in _SMALL]
        if INITIALS[0] <= len(letters) <= INITIALS[1]:
            found["".join(letters)].add(" ".join(words))
    return {
        short: min(meanings, key=lambda words: (len(words), words))
        for short, meanings in found.items()
        if len(meanings) <= RIVALS
    }
