"""What a short question speaks of that names no topic of its own: `is it serious?`."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from consult.dialogue.interview.answers import asks_something
from consult.dialogue.interview.step import MODIFIERS
from consult.language.concepts_read import read
from consult.language.normalize import normalize
from consult.triage.complaints import complaints

_TABLE = Path(__file__).with_name("leaning.toml")
MOST_LETTERS = 60  # longer ones say themselves what they are about


def topic_before(text: str, told: Sequence[str]) -> str | None:
    """Return the earlier message that a question leans on; None where it stands alone.

    Args:
        text: The question.
        told: What was said before it, oldest first.
    """
    if not _leans(text):
        return None
    return next((one for one in reversed(told) if _is_topic(one)), None)


def _leans(text: str) -> bool:
    said = normalize(text).strip()
    if len(said) > MOST_LETTERS or _names_complaint(text):
        return False
    return bool(_pattern("leans").search(said)) and not _pattern("own").search(said)


def _is_topic(text: str) -> bool:
    return _names_complaint(text) or (asks_something(text) and not _leans(text))


def _names_complaint(text: str) -> bool:
    known = {complaint.concept for complaint in complaints()} - MODIFIERS
    return bool(known & read([text]).concepts("present", "general", "past"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    entry = tomllib.loads(_TABLE.read_text(encoding="utf-8"))[name]
    return re.compile(f"{entry['en']}|{entry['zh']}")
