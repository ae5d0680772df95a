"""Whether one sentence carries what another one says, clause by clause."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import combinations, islice
from typing import Literal

from consult.language.statements import (
    Statement,
    Token,
    critical_characters,
    stands,
    stem,
    words,
)

Lack = Literal[
    "number",  # a quantity that the passage does not have so
    "negation",  # what it says is denied there, or the other way round
    "medicine",  # it names a medicine that the passage does not
    "treatment",  # it tells to stop, start or change one
    "unsupported",  # it says something else that the passage does not
    "mixed",  # it joins what the passage says of different things
    "condition",  # it leaves out when or for whom
    "certainty",  # it is surer than the passage
]

MOST_SINGLES = 2  # Chinese characters of a clause that may match alone
MOST_CLAUSES = 3  # of the evidence that one clause may draw on
LEAST_CHAIN = 0.6  # of the words of a clause follow each other as in the evidence
MOST_TRIES = 300  # of choosing them, in a sentence that goes on and on

Places = list[list[int]]  # for each content token, where the evidence has it


def carried(claim: Statement, clause: int, evidence: Statement) -> set[int] | Lack:
    """Return the clauses of the evidence that carry one of the claim, or what it lacks."""
    tokens = [token for token in claim.tokens if token.clause == clause]
    everywhere = list(range(len(evidence.tokens)))
    if all(token.is_neutral for token in tokens):
        return set()
    if _covered(tokens, evidence, everywhere) is None:
        return _missing(tokens, evidence)
    for whole in evidence.clauses:  # commas of the claim's own part nothing
        places = [at for at in everywhere if evidence.tokens[at].clause == whole]
        matched = _covered(list(claim.tokens), evidence, places)
        if (
            matched
            and _in_order(matched)
            and _is_sound(list(claim.tokens), matched, evidence, (whole,), claim.text)
        ):
            return {whole}
    for chosen in islice(_choices(tokens, evidence), MOST_TRIES):
        places = [at for at in everywhere if evidence.tokens[at].clause in chosen]
        matched = _covered(tokens, evidence, places)
        if matched is not None and _is_sound(
            tokens, matched, evidence, chosen, claim.parts[clause]
        ):
            return set(chosen)
    return "mixed"


def says_more(claim: Statement, evidence: Statement, drawn: set[int]) -> Lack | None:
    """Return whether a claim left out a condition, or is surer than what carries it."""
    conditions = words("qualifiers", "condition_en", "condition_zh")
    if evidence.has(conditions) and not claim.has(conditions):
        return "condition"
    source = " ".join(evidence.parts[number] for number in sorted(drawn))
    weak = words("qualifiers", "weak_en", "weak_zh")
    strong = words("qualifiers", "strong_en", "strong_zh")
    permits = words("qualifiers", "permits_en", "permits_zh")
    if stands(weak, source) and not claim.has(weak):
        return "certainty"
    if claim.has(strong) and stands(permits, source) and not stands(strong, source):
        return "certainty"
    return None


def _choices(tokens: list[Token], evidence: Statement) -> Iterator[tuple[int, ...]]:
    """Yield the clauses that might carry the tokens together, the fewest first."""
    said = {token.text for token in tokens if not token.is_neutral}
    near = sorted({each.clause for each in evidence.tokens if each.text in said})
    for count in range(1, MOST_CLAUSES + 1):
        yield from combinations(near, count)


def _covered(
    tokens: list[Token], evidence: Statement, places: list[int]
) -> Places | None:
    """Return where the evidence has each content token; nothing if it lacks one."""
    matched: Places = []
    at = singles = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "han":
            length, starts = _longest(tokens[at:], evidence, places)
            if length < 2 and not token.is_neutral:
                singles += 1
                is_refused = token.text in critical_characters()
                if length == 0 or is_refused or singles > MOST_SINGLES:
                    return None
        else:
            length = 1
            starts = [p for p in places if _is_same(token, evidence.tokens[p])]
            if not starts and not token.is_neutral:
                return None
        matched += [
            [start + step for start in starts]
            for step in range(length)
            if not tokens[at + step].is_neutral
        ]
        at += max(length, 1)
    return matched


def _longest(
    tokens: list[Token], evidence: Statement, places: list[int]
) -> tuple[int, list[int]]:
    """Return how many characters from the first on stand so in the evidence, and where."""
    best, starts = 0, list[int]()
    known = set(places)
    for start in places:
        length = 0
        while (
            length < len(tokens)
            and start + length in known
            and tokens[length].kind == "han"
            and _is_same(tokens[length], evidence.tokens[start + length])
        ):
            length += 1
        if length > best:
            best, starts = length, []
        if length == best and length:
            starts.append(start)
    return best, starts


def _is_same(one: Token, other: Token) -> bool:
    return (
        one.text == other.text
        and one.kind == other.kind
        and (one.is_denied == other.is_denied or one.is_neutral)
    )


def _is_sound(
    tokens: list[Token],
    matched: Places,
    evidence: Statement,
    chosen: tuple[int, ...],
    text: str,
) -> bool:
    """Whether the matched words belong together in the evidence."""
    touched = {place for places in matched for place in places}
    for clause in chosen:
        inside = [
            place
            for place, token in enumerate(evidence.tokens)
            if token.clause == clause and not token.is_neutral
        ]
        mine = [place for place in inside if place in touched]
        is_joined = bool(mine) and evidence.tokens[mine[0]].is_joined
        if inside and inside[0] not in touched and not is_joined:
            return False  # its own subject was cut away
        if clause != chosen[0] and 2 * len(mine) < len(inside) and not is_joined:
            return False  # its own predicate was
    return _skips_nothing(tokens, touched, evidence) and _keeps_order(
        tokens, matched, evidence, text
    )


def _skips_nothing(tokens: list[Token], touched: set[int], evidence: Statement) -> bool:
    """Whether no medicine or quantity between the matched words was left out."""
    has_count = any(token.kind == "quantity" for token in tokens)
    texts = {evidence.tokens[place].text for place in touched}
    between, is_listed = list[Token](), False
    for place in range(min(touched), max(touched)):
        token = evidence.tokens[place]
        if place in touched:
            is_listed = token.is_medicine or (is_listed and token.is_neutral)
        elif token.text not in texts and not (is_listed and token.is_medicine):
            between.append(token)
            is_listed = is_listed and token.is_neutral
    return not any(
        (token.is_medicine and not token.is_neutral)
        or (token.kind == "quantity" and has_count)
        for token in between
    )


def _keeps_order(
    tokens: list[Token], matched: Places, evidence: Statement, text: str
) -> bool:
    """Whether words whose order matters follow each other as in the evidence."""
    counted = sum(token.kind == "quantity" for token in evidence.tokens) > 1
    named = len({token.text for token in evidence.tokens if token.is_medicine}) > 1
    matters = (
        stands(words("qualifiers", "directed_en", "directed_zh"), text)
        or (counted and any(token.kind == "quantity" for token in tokens))
        or (named and any(token.is_medicine for token in tokens))
    )
    least = len(matched) if matters else LEAST_CHAIN * len(matched)
    return _longest_chain(matched) >= least


def _in_order(matched: Places) -> bool:
    return _longest_chain(matched) == len(matched)


def _longest_chain(matched: Places) -> int:
    """Return how many of the words, one place each, follow each other."""
    ends: list[int] = []  # the earliest place that a chain of this length can end at
    for places in matched:
        for place in sorted(places, reverse=True):
            at = bisect_left(ends, place)
            ends[at : at + 1] = [place]
    return len(ends)


def _missing(tokens: list[Token], evidence: Statement) -> Lack:
    """Return what a clause says that the evidence does not."""
    texts = {token.text for token in evidence.tokens}
    absent = [
        token for token in tokens if not token.is_neutral and token.text not in texts
    ]
    han = "".join(token.text for token in absent if token.kind == "han")
    acts = {stem(word) for word in words("treatment", "en")}
    if any(token.kind == "quantity" for token in absent):
        return "number"
    if any(token.is_medicine for token in absent):
        return "medicine"
    if any(token.text in acts for token in absent) or stands(
        words("treatment", "zh"), han
    ):
        return "treatment"
    if absent:
        return "unsupported"
    is_flipped = any(
        not token.is_neutral
        and not any(_is_same(token, other) for other in evidence.tokens)
        for token in tokens
    )
    return "negation" if is_flipped else "mixed"
