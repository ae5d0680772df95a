"""Answers in free words: what they come to, and when they answer nothing."""

import pytest

from consult.dialogue.interview.answers import (
    age_of,
    asks_something,
    course_of,
    is_only_yes_or_no,
    onset_of,
    severity_of,
    sex_of,
    sex_told,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("Yeah, a bit", "yes"),
        ("有的", "yes"),
        ("有点", "yes"),
        ("嗯", "yes"),
        ("係", "yes"),
        ("No!", "no"),
        ("not really", "no"),
        ("都没有", "no"),
        ("没有啊", "no"),
        ("冇", "no"),
        ("not sure", "unsure"),
        ("no idea", "unsure"),
        ("不知道", "unsure"),
        ("the bus was late", ""),
        ("现在挂哪个科比较好呢", ""),
    ],
)
def test_yes_or_no(text: str, answer: str) -> None:
    assert yes_or_no(text) == answer


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("34", 34),
        ("I'm 29", 29),
        ("三十四岁", 34),
        ("八十", 80),
        ("6 months", 0.5),
        ("8个月", 8 / 12),
        ("old", None),
        ("999", None),
    ],
)
def test_ages(text: str, years: float | None) -> None:
    assert age_of(text) == pytest.approx(years)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("7/10", 7),
        ("七分", 7),
        ("4-6", 5),
        ("7-10分", 8),
        ("not too bad", 2),
        ("好痛", 8),
        ("还能忍", 5),
        ("三四天了", None),
        ("for 3 days", None),
        ("hello", None),
    ],
)
def test_severities(text: str, grade: int | None) -> None:
    assert severity_of(text) == grade


@pytest.mark.parametrize(
    ("text", "onset"),
    [
        ("三天了", "三天了"),
        ("昨天开始的", "昨天开始"),
        ("for 3 days", "for 3 days"),
        ("since yesterday", "since yesterday"),
        ("a few days ago", "a few days ago"),
        ("半年多", "半年多"),
        ("8 weeks pregnant", ""),
        ("blue", ""),
    ],
)
def test_onsets(text: str, onset: str) -> None:
    assert onset_of(text) == onset


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("it's getting worse", "worse"),
        ("好多了", "better"),
        ("差不多", "same"),
        ("comes and goes", "changing"),
        ("时好时坏", "changing"),
        ("blue", ""),
    ],
)
def test_courses(text: str, course: str) -> None:
    assert course_of(text) == course


def test_sexes() -> None:
    assert [sex_of(text) for text in ("female", "男", "woman", "x")] == [
        "female",
        "male",
        "female",
        "",
    ]
    assert sex_told("I am a 34 year old woman") == "female"
    assert sex_told("my wife drove me") == ""


def test_questions_back() -> None:
    assert asks_something("what can I eat?")
    assert asks_something("要紧吗")
    assert not asks_something("no")


@pytest.mark.parametrize("text", ["没有", "没有。", "no", "Yes!", "不知道"])
def test_a_bare_answer_is_nothing_to_look_up(text: str) -> None:
    assert is_only_yes_or_no(text)


@pytest.mark.parametrize(
    "text",
    ["没有呼吸了，怎么办", "no pulse", "no chest pain", "有发烧", "hello", "没胃口"],
)
def test_what_says_more_is_looked_up(text: str) -> None:
    assert not is_only_yes_or_no(text)
