"""One spelling for many, and the language of a message."""

import re
from pathlib import Path

import pytest
from opencc import OpenCC

import consult
from consult.language import detect_language, normalize
from consult.language.normalize import language_of, searched


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ＣＨＥＳＴ　ｐａｉｎ", "chest pain"),
        ("I can’t breathe", "i can not breathe"),
        ("cheast pain, brething fast", "chest pain , breathing fast"),
        ("vomitting and dizzines", "vomiting and dizziness"),
        ("CP and SOB", "chest pain and shortness of breath"),
        ("coffee‑ground emesis", "coffee ground emesis"),
        ("胸 口 痛", "胸口痛"),
        ("頭暈、嘔吐", "头晕 、 呕吐"),
        ("唞唔到氣", "喘不上气"),
        ("脑壳痛", "头痛"),
        ("hu xi kun nan", "呼吸困难"),
        ("想紫砂", "想自杀"),
        ("he was stabbed", "he was stabbed"),
        ("39.5度", "39.5 度"),
        ("a\u200bb\x00c", "ab c"),
    ],
)
def test_spellings_become_one(text: str, normal: str) -> None:
    assert normalize(text) == normal


RULES = [
    (path.name, words)
    for path in sorted(Path(consult.__file__).parent.rglob("*.toml"))
    for words in re.findall('"([^"\\n]*[\u4e00-\u9fff][^"\\n]*)"', path.read_text())
]


@pytest.mark.parametrize("region", ["s2t", "s2tw", "s2hk"])
def test_what_the_rules_know_is_known_in_traditional_characters(region: str) -> None:
    traditional = OpenCC(region)

    unknown = {
        (name, words)
        for name, words in RULES
        if normalize(traditional.convert(words)) != normalize(words)
    }

    assert len(RULES) > 3000
    assert unknown == set()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my chest hurts", "en"),
        ("我胸口痛", "zh"),
        ("我 chest pain 很厉害", "zh"),
        ("I have 头痛", "en"),
        ("😀 123", "en"),
        ("", "en"),
        ("请解读我的报告：CT chest (drawn, not a patient) · 2026", "zh"),
    ],
)
def test_language_is_the_larger_share(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wo bu xiang huo le", "zh"),
        ("wo zuotian kaishi fa shao", "zh"),
        ("Xiong kou teng, chuan bu guo qi!", "zh"),
        ("toutong", "zh"),
        ("I feel tou tong", "en"),
        ("she can hang on", "en"),
    ],
)
def test_chinese_in_pinyin_is_chinese(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("我媽媽頭痛", "我妈妈头痛"),
        ("我屙肚咋办", "我腹泻怎么办"),
        ("chu leng han, xiong kou teng", "出冷汗 , 胸口疼"),
        ("Is COPD the same as SOB?", "Is COPD the same as SOB?"),
    ],
)
def test_the_library_is_searched_in_its_own_words(typed: str, looked_for: str) -> None:
    assert searched(typed) == looked_for
