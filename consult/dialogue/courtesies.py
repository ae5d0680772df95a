"""What is said for politeness alone: a greeting or thanks, which asks the library nothing."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from consult.language.normalize import normalize

Courtesy = Literal["greeting", "thanks"]
_TABLE = Path(__file__).with_name("courtesies.toml")


def courtesy_of(text: str) -> Courtesy | None:
    """Return what a message is that is nothing but polite; None for all others."""
    said = normalize(text).strip(" .!?,~。！？，～")
    return next(
        (name for name in get_args(Courtesy) if _pattern(name).fullmatch(said)), None
    )


@cache
def _pattern(name: Courtesy) -> re.Pattern[str]:
    entry = tomllib.loads(_TABLE.read_text(encoding="utf-8"))[name]
    return re.compile(f"{entry['en']}|{entry['zh']}")
