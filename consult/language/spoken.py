"""A generator's draft as an answer: cut into sentences, each verified before it is shown."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consult.language.generators import Generator, GeneratorFailed, Prompt
from consult.language.verify import Reason, Similarity, Verdict, leans, verify

_END = re.compile(
    r"(?:(?<!e\.g)(?<!i\.e)(?<!\bDr)(?<!\bvs)[.!?]+[\"”’)]*(?=\s|[\[［【]|$)|[。！？]+[”’）]*|\n)"
    r"\s*(?:[\[［【][\d,，、;\s]+[\]］】]\s*[。.]?\s*)*"
)
_MAY_GO_ON = re.compile(r"[\s\d\[［【,，、]")
_ONLY_A_NUMBER = re.compile(r"\s*\d{1,2}\.\s*")
_NONE = re.compile(r"\W*none\W*", re.IGNORECASE)
LONGEST_SENTENCE = 2_000
# Sentences that claim nothing of the passages: dropped, and held against nobody.
IDLE: frozenset[Reason] = frozenset({"no_citation", "too_little", "question"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a generator is listened to."""

    deadline_s: float = 30.0
    characters: int = 6_000
    sentences: int = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """One verified sentence, and the ids of the passages that carry it."""

    text: str
    passages: tuple[str, ...]


def spoken(
    prompt: Prompt,
    generator: Generator,
    *,
    limits: Limits | None = None,
    similarity: Similarity | None = None,
    stopped: Callable[[], bool] | None = None,
    dropped: Callable[[Verdict], None] | None = None,
) -> Iterator[Sentence]:
    """Yield what a generator says, as far as its passages carry it.

    Args:
        prompt: What it is asked, and the passages.
        generator: Who writes.
        limits: How much is listened to.
        similarity: A further condition of `verify`.
        stopped: Asked at each piece; true ends everything at once.
        dropped: Told of each sentence that does not stand.

    Raises:
        GeneratorFailed: The extractive answer must stand, whatever was yielded before.
    """
    limits = limits or Limits()
    kept = refused = 0
    last: Verdict | None = None
    said = set[str]()
    for draft in _drafts(prompt, generator, limits, stopped or _never):
        verdict = verify(draft, prompt.passages, similarity=similarity)
        verdict = _not_dangling(verdict, last)
        last = verdict
        if not verdict.is_supported:
            refused += verdict.reason not in IDLE
            if dropped is not None:
                dropped(verdict)
        elif verdict.text not in said:
            said.add(verdict.text)
            kept += 1
            yield Sentence(verdict.text, verdict.passages)
        if kept >= limits.sentences:
            break
    if stopped is not None and stopped():
        return
    if not kept or refused > kept:
        raise GeneratorFailed("unsupported", f"{kept} of {kept + refused} stood")


def _not_dangling(verdict: Verdict, last: Verdict | None) -> Verdict:
    """Return the verdict, refused where its subject was in a sentence that is not there."""
    if not verdict.is_supported or not leans(verdict.text):
        return verdict
    if last and last.is_supported and set(last.passages) & set(verdict.passages):
        return verdict
    return Verdict(verdict.text, (), "dangling")


def _drafts(
    prompt: Prompt, generator: Generator, limits: Limits, stopped: Callable[[], bool]
) -> Iterator[str]:
    """Yield whole sentences with their marks; an unfinished tail is nobody's sentence.

    Raises:
        GeneratorFailed: The draft is late, endless or none.
    """
    until = time.monotonic() + limits.deadline_s
    stream = generator.stream(prompt, deadline_s=limits.deadline_s)
    rest, total = "", 0
    for piece in stream:
        if stopped():
            return
        total += len(piece)
        rest += piece
        whole, rest = _cut(rest, is_over=False)
        yield from whole
        if time.monotonic() >= until:
            raise GeneratorFailed("late")
        if total > limits.characters or len(rest) > LONGEST_SENTENCE:
            raise GeneratorFailed("endless")
    whole, _tail = _cut(rest, is_over=True)
    yield from whole
    if not total:
        raise GeneratorFailed("silent")


def _cut(text: str, *, is_over: bool) -> tuple[list[str], str]:
    """Return the sentences that are complete, and the rest."""
    whole, start = list[str](), 0
    for end in _END.finditer(text):
        if _ONLY_A_NUMBER.fullmatch(text, start, end.end()):
            continue  # `1. Rest`: a list, although none was asked for
        if end.end() == len(text) and not is_over:
            break  # its marks may still come
        if not is_over and _MAY_GO_ON.match(text, end.end()):
            break
        whole.append(text[start : end.end()].strip())
        start = end.end()
    return [each for each in whole if each and not _NONE.fullmatch(each)], text[start:]


def _never() -> bool:
    return False
