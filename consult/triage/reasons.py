"""What the reason for a level says to staff: its sentence, where a code alone tells nobody."""

import tomllib
from functools import cache
from pathlib import Path

from consult.language.detect import Language

_TABLE = Path(__file__).with_name("data") / "reasons.toml"
OF_INTERVIEW = "interview."


def reason_in_words(code: str, language: Language) -> str:
    """Return the sentence of a reason; its code where a version before knew it by that."""
    entry = _sentences().get(code.removeprefix(OF_INTERVIEW))
    return entry[language] if entry else code


@cache
def _sentences() -> dict[str, dict[Language, str]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {code: entry for part in table.values() for code, entry in part.items()}
