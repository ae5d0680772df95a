"""A draft cut into sentences, and what becomes of each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from consult.language.generators import GeneratorFailed, Numbered, Prompt
from consult.language.spoken import Limits, spoken
from consult.language.verify import Verdict

PROMPT = Prompt(
    "?",
    (
        Numbered(1, "a", "Antibiotics kill bacteria. They do nothing against viruses."),
        Numbered(2, "b", "体温超过38.5度可以用退烧药。不要和酒一起吃药。"),
    ),
    "en",
)


@dataclass
class Scripted:
    """A generator that says these pieces."""

    pieces: list[str]
    given: int = 0

    def stream(self, prompt: Prompt, *, deadline_s: float) -> Iterator[str]:
        for piece in self.pieces:
            self.given += 1
            yield piece


def texts(*pieces: str) -> list[str]:
    return [each.text for each in spoken(PROMPT, Scripted(list(pieces)))]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_are_the_same_however_they_come(size: int) -> None:
    whole = (
        "1. Antibiotics kill bacteria. [1]\n"
        "2. 体温超过38.5度可以用退烧药。[2] 不要和酒一起吃药[2]。\n"
    )

    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]

    assert texts(*pieces) == [
        "Antibiotics kill bacteria.",
        "体温超过38.5度可以用退烧药。",
        "不要和酒一起吃药。",
    ]


def test_an_unfinished_tail_and_a_repetition_are_left_out() -> None:
    said = (
        "Antibiotics kill bacteria. [1] Antibiotics kill bacteria. [1] They do nothing"
    )

    assert texts(said) == ["Antibiotics kill bacteria."]


def test_what_leans_on_a_dropped_sentence_is_dropped() -> None:
    dropped: list[Verdict] = []
    said = (
        "Antibiotics kill bacteria. [1] Bleach kills viruses. [1] "
        "They do nothing against viruses. [1] Antibiotics do nothing against viruses. [1]"
    )

    with pytest.raises(GeneratorFailed) as failed:
        for _ in spoken(
            PROMPT,
            Scripted([said, " Bleach kills germs quickly. [1]"]),
            dropped=dropped.append,
        ):
            pass

    assert failed.value.reason == "unsupported"  # three lies to two truths
    assert [each.reason for each in dropped] == ["medicine", "dangling", "medicine"]


def test_who_stops_hears_no_more() -> None:
    generator = Scripted(["Antibiotics kill bacteria. [1] "] * 50)

    said = list(spoken(PROMPT, generator, stopped=lambda: generator.given > 2))

    assert len(said) == 1
    assert generator.given == 3


def test_none_is_no_answer() -> None:
    with pytest.raises(GeneratorFailed, match="unsupported"):
        texts("NONE")


def test_a_sentence_without_end_is_endless() -> None:
    with pytest.raises(GeneratorFailed, match="endless"):
        texts("word " * 450)


def test_enough_sentences_are_enough() -> None:
    said = ["Antibiotics kill bacteria. [1] ", "They do nothing against viruses. [1] "]
    generator = Scripted([*said, *said * 100])

    sentences = spoken(PROMPT, generator, limits=Limits(sentences=2))

    assert len(list(sentences)) == 2
    assert generator.given < 10
