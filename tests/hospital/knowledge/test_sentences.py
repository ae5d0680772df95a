"""Where one sentence ends and the next begins."""

import pytest

from hospital.knowledge.sentences import sentences


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "A value of 6.5 % is high. Ask.", ("A value of 6.5 % is high.", "Ask.")),
        ("en", "Is it “safe?” Yes. It is.", ("Is it “safe?”", "Yes.", "It is.")),
        (
            "en",
            "Call. {emergency_number} is free.",
            ("Call.", "{emergency_number} is free."),
        ),
        ("en", "One line.\nand another", ("One line.", "and another")),
        (
            "zh",
            "多喝水。体温 38.5 ℃ 要看医生！",
            ("多喝水。", "体温 38.5 ℃ 要看医生！"),
        ),
        (
            "zh",
            "不要说“想开点。”多听；少讲。",
            ("不要说“想开点。”", "多听；", "少讲。"),
        ),
        ("en", "", ()),
    ],
)
def test_text_is_cut_at_sentence_ends(
    lang: str, text: str, expected: tuple[str, ...]
) -> None:
    found = sentences(text, lang=lang)

    assert found == expected
    assert "".join(found).replace(" ", "") == text.replace(" ", "").replace("\n", "")
