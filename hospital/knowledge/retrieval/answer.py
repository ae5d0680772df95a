"""An answer out of sentences that stand in the passages found, word for word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hospital.knowledge.retrieval.question import condense
from hospital.knowledge.retrieval.text import Text
from hospital.knowledge.retrieval.tokens import terms
from hospital.knowledge.sentences import sentences

MOST_SENTENCES = 5
MOST_PASSAGES = 3
FROM_THE_FIRST = 3  # sentences, before another passage is quoted
WORTH = 0.85  # of the first hit's score that another needs to be quoted
URGENT = frozenset({"emergency", "emergency or overdose"})
LEAST_WORDS, MOST_CHARACTERS = 4, 400
EARLY = 0.15  # what each place further from the beginning costs
MARKER = re.compile(r"^(?:key points|contents|on this page|[-*•]\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence, verbatim, and the passages that it stands in."""

    text: str
    passages: tuple[str, ...]


def extract(
    message: str,
    passages: Sequence[tuple[Text, float]],
    *,
    is_emergency: bool = False,
) -> tuple[Cited, ...]:
    """Return two to five sentences that answer best, in the order of their passages.

    Args:
        message: What was asked.
        passages: Those found with their scores, best first; a pointer is never quoted.
        is_emergency: The passages that say when to call for help come first.
    """
    quotable = [(text, score) for text, score in passages if text.body.strip()]
    if is_emergency:
        quotable.sort(key=lambda pair: pair[0].qtype not in URGENT)
    if not quotable:
        return ()
    least = WORTH * max(score for _, score in passages)
    chosen = [text for text, score in quotable if score >= least][:MOST_PASSAGES]
    asked = condense(message).terms
    cited: list[Cited] = []
    seen: set[str] = set()
    for text in chosen:
        room = min(FROM_THE_FIRST, MOST_SENTENCES - len(cited))
        for sentence in best_sentences(text, asked, most=room):
            if sentence not in seen:
                seen.add(sentence)
                cited.append(Cited(sentence, (text.id,)))
    return tuple(cited)


def best_sentences(
    text: Text, asked: Mapping[str, float], *, most: int
) -> tuple[str, ...]:
    """Return the sentences of a passage that share most with what is asked, in its order.

    The first sentences of a passage say what it is about, so a later one has to earn its
    place by the words of the question that it brings.
    """
    candidates = [
        (at, sentence)
        for at, sentence in enumerate(sentences(text.body, lang=text.lang))
        if _is_quotable(sentence)
    ]
    found: dict[int, float] = {}
    about = set(terms(f"{text.focus} {text.title}"))
    for place, (at, sentence) in enumerate(candidates):
        shared = set(terms(sentence)) & asked.keys()
        gained = sum(asked[term] for term in shared - about)
        found[at] = gained + 0.2 * len(shared & about) - EARLY * place
    best = sorted(found, key=lambda at: (-found[at], at))[:most]
    by_place = dict(candidates)
    return tuple(by_place[at] for at in sorted(best))


def _is_quotable(sentence: str) -> bool:
    words = len(terms(sentence))
    return (
        words >= LEAST_WORDS
        and len(sentence) <= MOST_CHARACTERS
        and not sentence.endswith(("?", ":", "？", "："))
        and not MARKER.match(sentence)
    )
