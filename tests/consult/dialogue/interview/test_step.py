"""The interview: one question at a time, each once, and a level that only rises."""

import json

import pytest

from consult.dialogue.interview import State, Step, next_step, read_state
from consult.dialogue.interview.questions import flags, groups
from consult.dialogue.request import RequestError
from consult.safety.levels import LEVELS
from consult.triage.complaints import complaints
from tests.consult.cases import said


def talk(*texts: str, **known: object) -> list[Step]:
    """Return the steps of a talk, its state stored as JSON between them."""
    steps: list[Step] = []
    state = State(**known)  # type: ignore[arg-type]  # members of a state by name
    for text in texts:
        stored = json.loads(json.dumps(state.as_json()))
        steps.append(next_step(read_state(stored), text))
        state = steps[-1].state
    return steps


def codes(steps: list[Step]) -> list[str | None]:
    return [step.question.code if step.question else None for step in steps]


def test_each_complaint_has_the_red_flags_of_one_group() -> None:
    named = [name for group in groups().values() for name in group.complaints]

    assert sorted(named) == sorted(complaint.concept for complaint in complaints())


TOLD = {
    "chest": ("my chest hurts a bit", "胸有点痛"),
    "breath": ("I have a cough", "我咳嗽"),
    "throat": ("I have a sore throat", "我嗓子疼"),
    "belly": ("I have a stomach ache", "我胃痛"),
    "urine": ("it burns when I pee", "我尿频尿痛"),
    "women": ("my period is irregular", "我月经不调"),
    "breast": ("I have a lump in my breast", "我乳房有肿块"),
    "vein": ("my ankles are swollen", "我脚踝肿了"),
    "pressure": ("I have high blood pressure", "我有高血压"),
    "head": ("I have a headache", "我头痛"),
    "eye": ("my eye is red", "我眼睛红"),
    "ear": ("my ear hurts", "我耳朵痛"),
    "nose": ("my nose is blocked and runs", "我鼻子不通气"),
    "fever": ("I have a fever", "我发烧"),
    "skin": ("I have a rash", "我身上起疹子"),
    "limb": ("my back hurts", "我腰痛"),
    "mind": ("I feel depressed", "我很抑郁"),
    "sugar": ("I have diabetes", "我有糖尿病"),
    "general": ("I am tired all the time", "我总是乏力"),
}


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "code", [code for code in flags() if code.partition(".")[0] in TOLD]
)
def test_a_yes_to_a_red_flag_counts_as_the_sign(code: str, place: int) -> None:
    language = ("en", "zh")[place]
    group, flag = code.partition(".")[0], flags()[code]

    alone = said(flag.sign[language])
    both = said(TOLD[group][place], flag.sign[language])

    assert group in next_step(State(), TOLD[group][place]).state.groups
    if flag.level == "emergency":
        assert "emergency" in {alone.level, both.level}
    assert flag.asks["en"].endswith("?")
    assert flag.asks["zh"].endswith("？")


def test_a_talk_in_chinese_ends_in_a_summary() -> None:
    steps = talk(
        "我头痛",
        "没有",
        "34",
        "不知道",
        "没有发烧",
        "没有",
        "没有",
        "三天了",
        "5/10",
        "加重",
        "女",
    )

    summary = steps[-1].summary
    assert codes(steps[:3]) == ["head.stroke", "age", "head.thunderclap"]
    assert len(set(codes(steps))) == len(steps)
    assert [step.answer_due for step in steps].index(True) == 3
    assert summary is not None
    assert (summary.age, summary.sex, summary.pregnant) == (34.0, "female", False)
    assert (summary.onset, summary.severity, summary.course) == ("三天了", 5, "worse")
    assert [(each.code, each.answer) for each in summary.asked[:3]] == [
        ("head.stroke", "no"),
        ("age", "34.0"),
        ("head.thunderclap", "unsure"),
    ]
    assert "主诉：我头痛" in summary.text("zh")
    assert "Severity: 5/10" in summary.text("en")
    assert json.loads(json.dumps(summary.as_json()))["level"] == summary.level


def test_a_red_flag_raises_the_level_and_ends_the_questions() -> None:
    steps = talk("胸有点痛", "有", "现在好了")

    assert steps[0].level == "urgent"
    assert steps[1].level == "emergency"
    assert steps[1].outcome.safety.is_emergency
    assert steps[1].question is None
    assert steps[1].summary is not None
    assert steps[2].level == "emergency"


def test_a_yes_to_the_question_of_self_harm_is_a_crisis() -> None:
    steps = talk("I feel depressed", "yes")

    assert steps[0].question is not None
    assert steps[0].question.code == "mind.self_harm"
    assert steps[1].outcome.safety.is_crisis


def test_a_question_back_is_answered_and_the_same_thing_is_not_asked_again() -> None:
    steps = talk("my stomach hurts", "what can I eat?", "31", "no")

    assert [step.answer_due for step in steps] == [False, True, False, False]
    assert len(set(codes(steps))) == len(steps)
    assert steps[1].state.asked[0].answer == "unanswered"


def test_who_leaves_two_questions_is_asked_no_more() -> None:
    steps = talk("my stomach hurts", "the weather is nice", "and the trees are green")

    assert codes(steps) == ["belly.blood", "age", None]
    assert steps[-1].summary is not None


def test_what_was_told_already_is_not_asked() -> None:
    steps = talk(
        "I am a 34 year old man with a headache for three days, no fever, it is getting worse",
        *["no"] * 8,
    )

    assert not {"age", "sex", "pregnancy", "onset", "course"} & set(codes(steps))


def test_an_answer_that_tells_of_danger_is_heard() -> None:
    steps = talk("I have a cough", "no, but I want to kill myself")

    assert steps[-1].outcome.safety.is_crisis
    assert steps[-1].level == "emergency"


@pytest.mark.parametrize(
    ("told", "unasked"),
    [
        ("my nose is blocked and I sneeze all day", "nose.nosebleed"),
        ("花粉过敏，我一直流鼻涕", "nose.nosebleed"),
        ("I am so dizzy", "head.thunderclap"),
        ("my knees have been hurting for years", "limb.cauda"),
        ("我乳房有肿块", "skin.allergy"),
        ("I am 30 weeks pregnant and my ankles are swollen", "limb.injury"),
        ("I am 30 weeks pregnant and my ankles are swollen", "sex"),
        ("my period is late", "sex"),
        ("my baby is 8 months old and has a fever", "severity"),
    ],
)
def test_nobody_is_asked_what_does_not_fit_the_complaint(
    told: str, unasked: str
) -> None:
    assert unasked not in codes(talk(told, *["no"] * 12))


def test_swelling_in_pregnancy_is_asked_for_the_signs_of_high_pressure() -> None:
    steps = talk("I am 30 weeks pregnant and my ankles are swollen", *["no"] * 5)

    assert "women.pressure" in codes(steps)


def test_who_asked_at_once_is_answered_once() -> None:
    steps = talk("I have a cough, what can I do?", *["no"] * 3)

    assert not any(step.answer_due for step in steps)
    assert all(step.state.is_helped for step in steps)


@pytest.mark.parametrize("answer", ["I'd rather not say", "I can't say", "我不想说"])
def test_who_declines_to_answer_alarms_nobody(answer: str) -> None:
    steps = talk("I have a cough", answer, answer)

    assert not steps[-1].outcome.safety.findings
    assert steps[-1].level != "emergency"


def test_who_asks_for_a_person_is_not_asked_on() -> None:
    steps = talk("I have a cough", "I want to talk to a nurse")

    assert steps[-1].question is None
    assert steps[-1].summary is not None


@pytest.mark.parametrize("text", ["What is diabetes?", "几点开门？", "hello", "您好！"])
def test_what_is_no_complaint_of_ones_own_starts_no_interview(text: str) -> None:
    (step,) = talk(text)

    assert step.question is None
    assert step.answer_due
    assert step.summary is None


@pytest.mark.parametrize("answer", ["no", "yes", "8/10", "worse", "better now", "没有"])
def test_no_answer_lowers_a_level(answer: str) -> None:
    steps = talk("I have a cough", *[answer] * 10)

    ranks = [LEVELS.index(step.level) for step in steps]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    "document",
    [{"turns": 3}, {"level": "huge"}, {"asked": [{"x": 1}]}, {"unknown": 1}],
)
def test_a_state_that_is_none_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        read_state(document)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("高血压平时要注意什么？", "我头痛三天了"),
        (
            "What should I know about high blood pressure?",
            "I have had a headache for three days",
        ),
    ],
)
def test_what_is_asked_belongs_to_the_newest_complaint(asked: str, told: str) -> None:
    first = next_step(State(), asked)

    step = next_step(first.state, told)

    assert step.question is not None
    assert step.question.code == "head.stroke"
    assert step.level != "emergency"
    assert step.outcome.departments[0] == "neurology"


@pytest.mark.parametrize(
    ("answer", "level"), [("yes", "emergency"), ("no", "urgent"), ("what?", "urgent")]
)
def test_a_danger_in_doubt_is_asked_about_once(answer: str, level: str) -> None:
    unsure = (
        "my favourite band Choking Victim plays on Saturday, can I move my vaccination?"
    )

    first, second, third = talk(unsure, answer, "thank you")

    assert codes([first])[0] == "unsure.emergency"
    assert first.answer_due
    assert second.level == level
    assert "unsure.emergency" not in codes([second, third])


IN_DOUBT = "my favourite band Choking Victim plays, can I move my vaccination?"


def test_a_danger_in_doubt_is_asked_about_while_a_person_is_awaited() -> None:
    steps = talk("I want to talk to a human", "My tooth hurts", IN_DOUBT)

    assert codes(steps) == [None, None, "unsure.emergency"]


def test_whoever_a_person_answers_is_asked_nothing_and_answers_nothing() -> None:
    asked = next_step(State(), IN_DOUBT)

    held = next_step(asked.state, "yes", is_held=True)
    doubted = next_step(State(), IN_DOUBT, is_held=True)

    assert asked.state.open == "unsure.emergency"
    assert (held.level, held.question) == ("urgent", None)
    assert doubted.question is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_yes_to_the_plain_question_is_a_crisis(language: str) -> None:
    sign = flags()["unsure.self_harm"].sign

    assert said(sign[language]).safety.is_crisis  # type: ignore[index]  # by parameter
