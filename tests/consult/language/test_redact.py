"""Planted personal data does not come out; what an answer needs does."""

import tomllib

import pytest

from consult.language.redact import redact
from tests.consult.cases import DATA

SETS = tomllib.loads((DATA / "personal.toml").read_text(encoding="utf-8"))


def test_the_set_is_large_enough() -> None:
    assert len(SETS["cases"]) >= 60


@pytest.mark.parametrize("case", SETS["cases"], ids=lambda case: case["text"][:30])
def test_planted_data_is_gone_and_can_be_put_back(case: dict[str, str]) -> None:
    redacted = redact(case["text"])

    assert [each for each in case["gone"] if each in redacted.text] == []
    assert [each for each in case["stays"] if each not in redacted.text] == []
    assert redacted.restored(redacted.text) == case["text"]
    assert sum(redacted.counts.values()) == len(redacted.kept) > 0


@pytest.mark.parametrize("text", SETS["clean"])
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text).text == text


def test_what_follows_a_number_stays_but_its_extension() -> None:
    redacted = redact("打010-62345678吧 2天了，或010-62345679转12")

    assert redacted.text == "打[phone-1]吧 2天了，或[phone-2]"


def test_one_thing_said_twice_has_one_mark_and_a_log_shows_none() -> None:
    redacted = redact("13800138000, again 13800138000, and 13900139000")

    assert redacted.text == "[phone-1], again [phone-1], and [phone-2]"
    assert redacted.counts == {"phone": 2}
    assert "138" not in repr(redacted)


def test_a_long_message_is_redacted_all_the_same() -> None:
    text = "我住在很远的地方，头痛，a b c 1 2 3 " * 1_500 + "我叫李小明，13800138000"

    assert redact(text).text.endswith("我叫[name-1]，[phone-1]")
