"""The small language of patterns."""

import pytest

from consult.language.errors import LanguageDataError
from consult.language.patterns import compile_pattern, keys_of


@pytest.mark.parametrize(
    ("source", "text", "is_found"),
    [
        ("chest ~2 pain", "chest wall pain", True),
        ("chest ~2 pain", "chest a b c pain", False),
        ("chest ~4 pain", "chest but no pain", False),
        ("(very )?bad", "bad", True),
        ("(my|his) head", "his head", True),
        ("faint*", "fainting", True),
        ("ear", "earth", False),
        ("(a (b|c)|d) e", "a c e", True),
        ("胸~2痛", "胸口很痛", True),
        ("胸~痛", "胸不痛", False),
        ("没(有)?意识", "没意识", True),
        ("要跳$", "他要跳", True),
        ("要跳$", "他要跳绳", False),
    ],
)
def test_pattern_finds(source: str, text: str, is_found: bool) -> None:  # noqa: FBT001
    pattern = compile_pattern(source)

    assert bool(pattern.regex.search(text)) is is_found
    assert not is_found or pattern.keys & keys_of(text)


@pytest.mark.parametrize("source", ["~", "(a)?", "(a|b", "ab*"])
def test_pattern_that_cannot_be_looked_up_is_refused(source: str) -> None:
    with pytest.raises(LanguageDataError):
        compile_pattern(source)
