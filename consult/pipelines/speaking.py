"""An answer in a generator's words: redacted on the way out, verified on the way in."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import structlog
from django.conf import settings

from consult.language.detect import Language
from consult.language.generators import Generator, GeneratorFailed, Numbered, Prompt
from consult.language.generators.endpoint import Endpoint
from consult.language.spoken import Limits, Sentence, spoken
from consult.language.verify import Similarity, Verdict
from consult.learning.deidentify import Known, deidentified
from consult.models import GeneratorName
from consult.services.adapters import adapter_folder
from consult.services.generators import chosen_generator, language_hosts

ASK_EVERY_S = 0.25  # whether somebody stopped the answer
MOST_CHARACTERS = 2_000  # of one thing said
logger = structlog.get_logger(__name__)


def nobody() -> Known:
    """Return that nobody is on file."""
    return Known.of(names=(), numbers=())


def said(
    question: str,
    *,
    passages: Iterable[tuple[str, str]],
    lang: Language,
    history: Iterable[tuple[str, str]] = (),
    before: str = "",
    people: Callable[[], Known] = nobody,
    stopped: Callable[[], bool],
    begins: Callable[[], None] = lambda: None,
) -> Iterator[Sentence]:
    """Yield the verified sentences of the generator in service.

    Args:
        question: What the patient wrote.
        passages: What may be cited: citation id and text; read only for a generator.
        lang: The language to answer in.
        history: Who said what before, oldest first; read only for a generator.
        before: An answer that was not wanted; it is worded otherwise now.
        people: Reads who is on file of those in the talk; their names stay here.
        stopped: Whether the answer is wanted no more.
        begins: Called before a generator is asked; never where there is none.

    Raises:
        GeneratorFailed: There is none, or the extractive answer must stand.
    """
    generator = generator_in_service()
    begins()
    known = people()
    prompt = Prompt(
        question=_redacted(question, known),
        passages=tuple(
            Numbered(number, citation, text)
            for number, (citation, text) in enumerate(passages, start=1)
        ),
        lang=lang,
        history=tuple(
            f"{author}: {_redacted(text, known)}" for author, text in history
        ),
        before=_redacted(before, known),
    )
    meaning = similarity_for(lang)
    dropped: list[Verdict] = []
    try:
        yield from spoken(
            prompt,
            generator,
            limits=Limits(deadline_s=settings.GENERATOR_DEADLINE_S),
            similarity=meaning,
            stopped=_seldom(stopped),
            dropped=dropped.append,
        )
    except GeneratorFailed as failed:
        logger.warning("generator_failed", reason=failed.reason)
        raise
    finally:
        if dropped:
            reasons = sorted(str(verdict.reason) for verdict in dropped)
            logger.info("sentences_dropped", reasons=reasons)


def generator_in_service() -> Generator:
    """Return the generator that an administrator chose.

    Raises:
        GeneratorFailed: None was chosen, or it is not set up.
    """
    chosen = chosen_generator()
    if chosen.name == GeneratorName.EXTRACTIVE or chosen.lacks:
        raise GeneratorFailed("absent", chosen.lacks)
    if chosen.name == GeneratorName.ENDPOINT:
        return Endpoint(
            url=settings.GENERATOR_URL,
            model=settings.GENERATOR_MODEL,
            allowed=language_hosts(),
            key=settings.GENERATOR_API_KEY,
        )
    return _local(Path(settings.GENERATOR_FOLDER), adapter_folder("generate"))


def similarity_for(lang: Language) -> Similarity | None:
    """Return how near two English texts are in meaning; Chinese is not judged so.

    The weights are loaded here, before a generator's time begins to run.
    """
    if lang == "zh":
        return None
    from hospital.knowledge.retrieval.vectors import (  # noqa: PLC0415 (torch)
        encoder,
    )

    network = encoder()

    def similarity(draft: str, passage: str) -> float:
        one, other = network.encode([draft, passage])
        return float(one @ other)

    return similarity


@cache
def _local(folder: Path, adapter: Path | None) -> Generator:
    from consult.language.generators.local import (  # noqa: PLC0415 (torch)
        load_local,
    )

    return load_local(folder, adapter=adapter, is_four_bit=settings.GENERATOR_FOUR_BIT)


def _redacted(text: str, known: Known) -> str:
    return deidentified(text[:MOST_CHARACTERS], known)


def _seldom(stopped: Callable[[], bool]) -> Callable[[], bool]:
    """Return the question asked a few times a second, not for each piece."""
    asked = time.monotonic()

    def is_stopped() -> bool:
        nonlocal asked
        if time.monotonic() - asked < ASK_EVERY_S:
            return False
        asked = time.monotonic()
        return stopped()

    return is_stopped
