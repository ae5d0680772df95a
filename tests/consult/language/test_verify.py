"""Only what a passage says is let through: our own pairs, and one rule at a time."""

import tomllib

import pytest

from consult.language.generators import Numbered
from consult.language.verify import verify
from tests.consult.cases import DATA

RECALL = 0.8  # of paraphrases; what is missed leaves the extractive answer

SETS = [
    (
        [Numbered(n, f"p{n}", text) for n, text in enumerate(each["passages"], 1)],
        each,
    )
    for name in ("support", "support_fresh", "support_last", "support_hard")
    for each in tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))[
        "sets"
    ]
]
REFUSED = [(said, passages) for passages, each in SETS for _, said in each["refused"]]
CARRIED = [(said, passages) for passages, each in SETS for said in each["carried"]]


def test_nothing_that_a_passage_does_not_say_is_let_through() -> None:
    leaked = [said for said, passages in REFUSED if verify(said, passages).is_supported]

    assert len(REFUSED) >= 120
    assert leaked == []


def test_most_paraphrases_are_let_through_with_the_passage_that_carries_them() -> None:
    verdicts = [verify(said, passages) for said, passages in CARRIED]

    stood = [verdict for verdict in verdicts if verdict.is_supported]
    assert len(stood) / len(verdicts) >= RECALL
    assert all(verdict.passages for verdict in stood)


PASSAGES = [
    Numbered(1, "a", "Adults can take 500 mg of paracetamol every 6 hours."),
    Numbered(2, "b", "Antibiotics kill bacteria."),
]


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("Antibiotics kill bacteria.", "no_citation"),
        ("Antibiotics kill bacteria. [3]", "unknown_passage"),
        ("See https://example.org for antibiotics. [2]", "link"),
        ("As an AI language model I say that antibiotics kill bacteria. [2]", "addressed"),
        ("Yes, antibiotics! [2]", "too_little"),
        ("Do antibiotics kill bacteria? [2]", "question"),
        ("Antibiotics kill bacteria. [2]" + " x" * 400, "too_long"),
        ("Adults can take 900 mg of paracetamol every 6 hours. [1]", "number"),
        ("Adults cannot take 500 mg of paracetamol every 6 hours. [1]", "negation"),
        ("Adults can take 500 mg of zzzprofen every 6 hours. [1]", "medicine"),
        ("Adults can double 500 mg of paracetamol every 6 hours. [1]", "treatment"),
        ("Antibiotics kill happy bacteria. [2]", "unsupported"),
        ("Adults take 500 mg of paracetamol every 6 hours. [1]", "certainty"),
    ],
)  # fmt: skip
def test_a_dropped_sentence_has_its_reason(draft: str, reason: str) -> None:
    assert verify(draft, PASSAGES).reason == reason


def test_only_the_passage_that_carries_a_sentence_stays_its_citation() -> None:
    verdict = verify("Antibiotics kill bacteria. [1][2]", PASSAGES)

    assert (verdict.text, verdict.passages) == ("Antibiotics kill bacteria.", ("b",))


def test_meaning_is_a_further_condition() -> None:
    def far(_one: str, _other: str) -> float:
        return 0.1

    assert verify("Antibiotics kill bacteria. [2]", PASSAGES, similarity=far).reason == "unlike"  # fmt: skip
