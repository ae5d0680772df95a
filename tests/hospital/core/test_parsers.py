"""JSON that no row could hold is refused before anything works with it."""

import io

import pytest
from rest_framework.exceptions import ParseError

from hospital.core.parsers import SoundJSONParser


def parsed(text: str) -> object:
    return SoundJSONParser().parse(io.BytesIO(text.encode()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": [1, "b"]}', {"a": [1, "b"]}),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\\\u0000"', "\\u0000"),
        ('"病区"', "病区"),
    ],
)
def test_sound_json_is_read(text: str, expected: object) -> None:
    assert parsed(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "deeply"),
        ('{"a":' * 50_000, "deeply"),
        ('"\\ud800"', "character"),
        ('{"\\udfff": 1}', "character"),
        ('[{"a": ["x\\u0000"]}]', "character"),
        ("{", "JSON"),
        ("NaN", "JSON"),
    ],
)
def test_what_cannot_be_worked_with_is_refused(text: str, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        parsed(text)
