"""What combines across turns, what a person's age and pregnancy add, and how fast."""

import math
import random
import time

import pytest

from consult.safety import Person, check
from consult.safety.errors import PersonError
from tests.consult.cases import cases, said


def test_signs_combine_across_turns() -> None:
    first = said("My chest hurts")
    both = said("My chest hurts", "yes, and I am sweating a lot")

    assert first.level == "urgent"
    assert both.level == "emergency"


def test_nothing_later_lowers_the_level() -> None:
    outcome = said("I want to kill myself", "just kidding, which clinic for acne?")

    assert outcome.level == "emergency"
    assert outcome.safety.is_crisis
    assert outcome.hands_off


@pytest.mark.parametrize(
    "text",
    ["I don't care", "I'm leaving now", "没意思", "我走了", "我等着", "我先走了"],
)
def test_bare_remark_of_somebody_who_leaves_or_waits_is_no_crisis(text: str) -> None:
    assert not said(text).safety.is_crisis
    assert not said("I have a cough", text).safety.is_crisis


@pytest.mark.parametrize("text", ["头疼的厉害", "头痛得厉害", "really bad headache"])
def test_a_bad_headache_alone_is_routine_and_with_a_sign_an_emergency(
    text: str,
) -> None:
    alone = said(text)
    with_sign = [
        said(f"{text}, {sign}").level
        for sign in ("脖子发硬", "吐了好几次", "a stiff neck too", "和说话不清楚")
    ]

    assert (alone.level, alone.safety.heard) == ("routine", ())
    assert with_sign == ["emergency"] * 4
    assert said(text, "I hit my head yesterday").level == "emergency"


def test_a_nose_that_bled_calls_nobody_unless_it_bleeds_on_or_blood_is_thinned() -> (
    None
):
    assert said("今早流了两分钟鼻血，已经停了").level == "self_care"
    assert said("流鼻血两分钟已经停了，我在吃华法林").level != "self_care"
    assert said("鼻血一直流，止不住").level == "emergency"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("吃了两片布洛芬", "routine"),
        ("吃了一片阿司匹林", "routine"),
        ("吃了两片布洛芬，嘴唇肿了", "emergency"),
        ("打了太多胰岛素", "emergency"),
        ("胰岛素打了太多", "emergency"),
        ("胰岛素太贵，用不起", "routine"),
    ],
)
def test_one_dose_is_no_overdose_and_too_much_insulin_is_one(
    text: str, level: str
) -> None:
    assert said(text).level == level


# What one asks to take has not been taken; what another, or the next, is asked of has.
NOT_TAKEN = [
    ["牙疼脸肿", "能吃消炎药吗"],
    ["智齿发炎，脸肿了，要不要打针输液"],
    ["my cheek is swollen from a bad tooth, can I take ibuprofen?"],
    ["toothache and swollen face", "do I need antibiotics?"],
]
TAKEN = [
    ["吃了布洛芬脸肿起来了", "还能继续吃吗"],
    ["刚吃完头孢，嘴唇肿，能吃氯雷他定吗"],
    ["只要吃海鲜就嘴肿，能治吗"],
    ["I took ibuprofen and my face is swelling"],
    ["I took ibuprofen for a bad tooth and my face is swelling"],
    ["I have started antibiotics and my tongue is swollen, can I take the next one?"],
]


@pytest.mark.parametrize("turns", NOT_TAKEN)
def test_medicine_that_is_asked_for_is_no_cause_of_an_allergy(turns: list[str]) -> None:
    safety = said(*turns).safety

    assert safety.level == "urgent"
    assert [each.rule for each in safety.heard] == ["emergency.mouth.tooth"]


@pytest.mark.parametrize("turns", TAKEN)
def test_swelling_after_what_was_taken_is_an_allergy(turns: list[str]) -> None:
    safety = said(*turns).safety

    assert safety.level == "emergency"
    assert "emergency.allergy.throat" in [each.rule for each in safety.heard]


UPSET_STOMACH = [
    "我昨天吃了海鲜，晚上开始拉肚子，拉了五六次，还吐了两次，有点头晕",
    "I ate seafood last night and now have diarrhoea and vomiting",
]


@pytest.mark.parametrize("text", UPSET_STOMACH)
def test_upset_stomach_after_a_meal_asks_and_alarms_only_with_a_sign(text: str) -> None:
    plain = said(text).safety

    assert not plain.is_emergency
    assert plain.asks == ("emergency",)
    for sign in ("全身起疹子", "my tongue is swelling", "喘不上气", "she collapsed"):
        assert said(text, sign).safety.is_emergency


@pytest.mark.parametrize(
    ("turns", "sign"),
    [
        (["我昨晚吃了海鲜，拉肚子", "现在肚子疼，嘴巴干"], "嘴唇肿了，喘不上气"),
        (["stomach ache since lunch, my mouth is dry"], "the pain is unbearable"),
        (["宝宝8个月，吐奶"], "宝宝软绵绵的，不吃奶"),
        (["fever and headache, no stiff neck"], "now he is confused"),
        (["发烧头痛"], "脖子发硬了"),
        (["我怀孕20周了，最近腿有点肿", "没有头痛"], "看东西模糊"),
        (["I took 2 paracetamol an hour ago, can I take 2 more"], "I took 30 pills"),
        (["我吃了2片布洛芬，还能再吃吗"], "我又吃了30片"),
    ],
)
def test_what_a_plain_cause_explains_alarms_only_with_a_sign(
    turns: list[str], sign: str
) -> None:
    assert not said(*turns).safety.is_emergency
    assert said(*turns, sign).safety.is_emergency


def test_pregnancy_known_from_elsewhere_counts() -> None:
    bleeding = ["I have some spotting"]

    assert check(bleeding).level == "self_care"
    assert check(bleeding, person=Person(pregnant=True)).level == "emergency"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("my son is 2 months old and has a fever", "emergency"),
        ("my son is 9 years old and has a fever", "routine"),
        ("孩子2个月大，发烧", "emergency"),
        ("宝宝两个月大，发烧", "emergency"),
        ("孩子十二岁，发烧", "routine"),
        ("宝宝2个月，发烧", "emergency"),
        ("my son 9 has a fever", "routine"),
        ("孩子9岁，发烧", "routine"),
    ],
)
def test_age_said_in_the_message_counts(text: str, level: str) -> None:
    assert said(text).level == level


def test_third_person_counts_as_much_as_the_first() -> None:
    assert said("my neighbour wants to die").safety.is_crisis
    assert said("我邻居想跳楼").safety.is_crisis


@pytest.mark.parametrize("age", [-1.0, 131.0, math.nan])
def test_age_that_cannot_be_is_refused(age: float) -> None:
    with pytest.raises(PersonError, match="age"):
        Person(age=age)


def full_message(kind: str) -> str:
    """Return 50 KB of one kind, the same each time."""
    chosen = random.Random(kind)  # noqa: S311 - a fixture, not a secret
    words = "no not pain chest want to die the arm left my bleeding and or , without"
    parts = {
        "cases": [f"{row['text']}. " for row in cases("false_alarms")],
        "salad": [f"{word} " for word in words.split()],
        "chinese": list("我不想活胸痛没有呼吸困难的了心口头晕吐血孩子怀孕出"),
        "one letter": ["a"],
        "emoji": ["😀"],
        "commas": ["no, "],
    }[kind]
    text = "".join(chosen.choices(parts, k=50_000))
    return text.encode()[:50_000].decode(errors="ignore")


@pytest.mark.parametrize("text", ["我不想活了", "chest pain and i cannot breathe"])
@pytest.mark.parametrize("place", [0, 25_000, 49_000])
def test_danger_is_heard_wherever_it_stands_in_the_longest_message(
    text: str, place: int
) -> None:
    calm = "I would like to move my visit to room {}, please. "
    whole = "".join(calm.format(number) for number in range(2_000))

    outcome = said(f"{whole[:place]}. {text}. {whole[place:]}")

    assert said(whole).level != "emergency"
    assert outcome.level == "emergency"


@pytest.mark.parametrize(
    "kind", ["cases", "salad", "chinese", "one letter", "emoji", "commas"]
)
def test_the_longest_message_takes_no_longer_than_its_length_allows(kind: str) -> None:
    text = full_message(kind)
    check([text])

    started = time.process_time()
    check([text])
    spent_s = time.process_time() - started

    assert spent_s < 0.5  # a tenth of a second here; a busy machine has room


def test_words_that_sound_calm_put_a_rule_in_doubt() -> None:
    safety = said(
        "my favourite band Choking Victim plays on Saturday, can I move my vaccination?"
    ).safety

    assert [(each.rule, each.level, each.is_sure) for each in safety.findings] == [
        ("emergency.breath.choking", "urgent", False)
    ]
    assert safety.heard == ()
    assert safety.asks == ("emergency",)
    assert not safety.is_emergency


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("I can't breathe", "emergency.breath.severe"),
        ("my heart stopped", "emergency.mind.unconscious"),
        ("i am having a heart attack", "emergency.chest.heart_attack_named"),
        ("我爸正在心梗", "emergency.chest.heart_attack_named"),
    ],
)
def test_a_sign_that_is_all_that_is_said_is_not_in_doubt(text: str, rule: str) -> None:
    safety = said(text).safety

    assert safety.is_emergency
    assert rule in [each.rule for each in safety.heard]


def test_a_calm_request_hides_no_danger_beside_it() -> None:
    safety = said("I want to book an appointment, I have crushing chest pain").safety

    assert safety.is_emergency
    assert safety.asks == ()


def test_signs_over_turns_are_heard_however_little_each_weighs() -> None:
    safety = said("My chest hurts", "sweating").safety

    assert "emergency.chest.pain_with_sign" in [each.rule for each in safety.heard]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I took 50 xanax", "emergency"),
        ("I've had 15 nurofen today for my tooth", "emergency"),
        ("I took 30 pills", "emergency"),
        ("我多打了100单位胰岛素", "emergency"),
        ("I took 600 ibuprofen", "self_care"),
        ("I took two 500 mg paracetamol tablets", "self_care"),
        ("I took 81 aspirin this morning", "self_care"),
        ("I have had 10 vaccines", "self_care"),
        ("took vitamin b 12", "self_care"),
        ("我打了20单位胰岛素", "self_care"),
    ],
)
def test_tablets_are_counted_by_a_medicines_name_and_milligrams_are_not(
    text: str, level: str
) -> None:
    assert check([text]).level == level
