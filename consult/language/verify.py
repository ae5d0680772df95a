"""Whether a generated sentence is supported by the passages that it cites.

A generator proposes, this decides. Everything that a sentence says must stand in one
passage that it cites: each word or one that `support.toml` holds to be the same, each
quantity with its unit, under the same denial, in clauses whose own subject was not cut
away. What cannot be told is refused: the extractive answer is always there.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from consult.language.carrying import Lack, carried, says_more
from consult.language.detect import HAN
from consult.language.generators import Numbered
from consult.language.statements import Statement, statement, words
from hospital.knowledge.sentences import sentences

Reason = (
    Lack
    | Literal[
        "no_citation",  # it names no passage
        "unknown_passage",  # it names one that was not given
        "link",  # it holds an address
        "addressed",  # it speaks to or of the machine
        "too_little",  # it says nothing that could be judged
        "too_long",
        "question",  # it asks
        "unlike",  # its meaning is far from the passage
        "dangling",  # it leans on a sentence that was dropped
    ]
)
Similarity = Callable[[str, str], float]

LEAST_WORDS = 3
HAN_WEIGHT = 0.75  # of a word
LONGEST = 600
LEAST_SIMILAR = 0.5
# Of several windows that do not carry a claim, the one that comes nearest says why.
_NEARNESS: tuple[Reason, ...] = (
    "unsupported",
    "medicine",
    "treatment",
    "number",
    "mixed",
    "negation",
    "condition",
    "certainty",
    "unlike",
)
_MARK = re.compile(r"\s*[\[［【]\s*(\d{1,2}(?:\s*[,，、;]\s*\d{1,2})*)\s*[\]］】]")
_LINK = re.compile(
    r"https?:|www\.|[\w.-]+@[\w.-]+"
    r"|\b[a-z0-9-]+\.(?:com|org|net|cn|io|gov|edu|info|health)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"^(?:[\s#>*+•-]+|\d{1,2}[.)、]\s+)|\*\*|__|`")
_LEANS = re.compile(
    r"^(?:it|they|them|this|these|those|such|he|she|its|their|others?)\b"
    r"|^(?:它|这|其|此|该)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What remains of a draft: its words and the passages that carry them, or why not."""

    text: str
    passages: tuple[str, ...]
    reason: Reason | None

    @property
    def is_supported(self) -> bool:
        return self.reason is None


def verify(
    draft: str,
    passages: Sequence[Numbered],
    *,
    similarity: Similarity | None = None,
) -> Verdict:
    """Return whether a draft sentence stands, with the passages that support it.

    Args:
        draft: One sentence with its marks, such as `Rest and drink. [1][3]`.
        passages: What may be cited.
        similarity: How near two texts are in meaning, 0 to 1; a further condition.
    """
    text, cited = taken_apart(draft)
    unfit = _unfit(text, cited, passages)
    if unfit is not None:
        return Verdict(text, (), unfit)
    claim = statement(text)
    by_number = {passage.number: passage for passage in passages}
    carrying, reasons = list[str](), list[Reason]()
    for number in cited:
        reason = _judged(claim, text, by_number[number], similarity)
        if reason is None:
            carrying.append(by_number[number].id)
        else:
            reasons.append(reason)
    if carrying:
        return Verdict(text, tuple(carrying), None)
    return Verdict(text, (), max(reasons, key=_NEARNESS.index))


def taken_apart(draft: str) -> tuple[str, tuple[int, ...]]:
    """Return a draft's words without marks, and the numbers that it cites."""
    numbers = [
        int(n) for mark in _MARK.findall(draft) for n in re.findall(r"\d+", mark)
    ]
    text = _MARKUP.sub("", _MARK.sub("", draft)).strip()
    return text, tuple(dict.fromkeys(numbers))


def leans(text: str) -> bool:
    """Whether a sentence takes its subject from the one before it."""
    return bool(_LEANS.match(text))


def _unfit(
    text: str, cited: tuple[int, ...], passages: Sequence[Numbered]
) -> Reason | None:
    said = statement(text[:LONGEST])
    content = [token for token in said.tokens if not token.is_neutral]
    han = sum(token.kind == "han" for token in content)
    weight = len(content) - han + HAN_WEIGHT * han
    weight += any(token.is_denied for token in content)
    checks: tuple[tuple[bool, Reason], ...] = (
        (len(text) > LONGEST, "too_long"),
        (bool(_LINK.search(text)), "link"),
        (said.has(words("addressed", "en", "zh")), "addressed"),
        (not cited, "no_citation"),
        (not {each.number for each in passages}.issuperset(cited), "unknown_passage"),
        (weight < LEAST_WORDS, "too_little"),
        (text.endswith(("?", "？")), "question"),
    )
    return next((reason for is_wrong, reason in checks if is_wrong), None)


def _judged(
    claim: Statement, text: str, passage: Numbered, similarity: Similarity | None
) -> Reason | None:
    """Return why a passage does not carry a claim, or nothing where it does."""
    reasons: list[Reason] = ["unsupported"]
    for window in _windows(passage.text):
        reason: Reason | None = _wrong(claim, statement(window))
        if reason is None and similarity is not None:
            reason = None if similarity(text, window) >= LEAST_SIMILAR else "unlike"
        if reason is None:
            return None
        reasons.append(reason)
    return max(reasons, key=_NEARNESS.index)


def _windows(text: str) -> Iterator[str]:
    """Yield each sentence of a passage, also behind the one that names its subject."""
    lang = "zh" if re.search(f"[{HAN}]", text) else "en"
    subject = ""
    for part in sentences(text, lang=lang):
        yield part
        if not leans(part):
            subject = part
        elif subject:
            yield f"{subject} {part}"


def _wrong(claim: Statement, evidence: Statement) -> Lack | None:
    drawn: set[int] = set()
    for clause in claim.clauses:
        found = carried(claim, clause, evidence)
        if isinstance(found, str):
            return found
        drawn |= found
    return says_more(claim, evidence, drawn)
