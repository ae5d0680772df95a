import pytest

from consult.dialogue.leaning import topic_before

FEVER = "My baby has had a fever since yesterday"
HAY = "我有花粉症，一直打喷嚏"


@pytest.mark.parametrize(
    "text",
    ["How much should she drink?", "Is it contagious?", "Should I see a doctor?"],
)
def test_a_question_without_a_topic_leans_on_the_complaint(text: str) -> None:
    assert topic_before(text, ["What is gout?", FEVER, "she is 8 months old"]) == FEVER


@pytest.mark.parametrize("text", ["严重吗", "要不要去医院？", "会传染吗", "吃什么好"])
def test_so_does_a_chinese_one(text: str) -> None:
    assert topic_before(text, [HAY]) == HAY


def test_it_leans_on_what_was_asked_last() -> None:
    assert topic_before("how long does it last?", [FEVER, "What is gout?"]) == (
        "What is gout?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Where can I park?",
        "How much does it cost?",
        "What about my headache?",
        "What is gout?",
        "几点开门",
        "什么是高血压",
        "这个报告是什么意思",
    ],
)
def test_what_names_a_topic_stands_alone(text: str) -> None:
    assert topic_before(text, [FEVER, HAY]) is None


def test_nothing_to_lean_on_is_no_topic() -> None:
    assert topic_before("Is it serious?", []) is None
