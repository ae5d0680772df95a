"""Why a level was given: to staff by every reason, to the person by the signs that decided."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any  # Any: a table as its file has it

from consult.dialogue.interview.questions import flags
from consult.language.detect import Language
from consult.safety.levels import Level
from consult.triage import reasons as triage_reasons
from consult.triage.reasons import OF_INTERVIEW, reason_in_words

MOST_TOLD = 3
OF_CRISES = ("self_harm.", "abuse.")
IMMEDIATE = "immediate."
GRAVE = frozenset({"urgent", "emergency"})
_TABLE = Path(triage_reasons.__file__).with_name("data") / "reasons_for_patients.toml"


def reasons_for_staff(codes: Iterable[str], language: Language) -> str:
    """Return every reason, each once."""
    told = dict.fromkeys(
        _sign_of(code, language) or reason_in_words(code, language) for code in codes
    )
    return ("；" if language == "zh" else "; ").join(told)


def why_for_patient(codes: Sequence[str], level: Level, language: Language) -> str:
    """Return one sentence: the signs that the level stands on, in plain words.

    It is empty where a danger stands on nothing that can be told.
    """
    signs = list(dict.fromkeys(_signs(codes, language)))[:MOST_TOLD]
    sentences = _table()["sentences"]
    if not signs:
        return "" if level in GRAVE else str(sentences["none"][language])
    kind = "grave" if level in GRAVE else "calm"
    joined = ("、" if language == "zh" else "; ").join(signs)
    return str(sentences[kind][language]).format(signs=joined)


def _signs(codes: Sequence[str], language: Language) -> Iterator[str]:
    """Yield signs; where a life is in danger only what says so."""
    immediate = [code for code in codes if code.startswith(IMMEDIATE)]
    plain = [code for code in codes if code != "emergency.weighed"]
    pressing = [code for code in plain if not code.startswith("complaint.")]
    for code in immediate or pressing or plain or codes:
        if any(other.startswith(f"{code}_") for other in codes):
            continue  # a graver rule says it too
        if code.startswith(OF_CRISES) or code == "nothing_named":
            continue
        sign = _sign_of(code, language)
        entry = _table()["signs"].get(code.removeprefix(OF_INTERVIEW))
        words = sign or (entry or {}).get(language) or reason_in_words(code, language)
        yield words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _sign_of(code: str, language: Language) -> str:
    """Return what `yes` to a red flag comes to; empty where it is none."""
    flag = flags().get(code.removeprefix(OF_INTERVIEW))
    return flag.sign[language] if flag and code.startswith(OF_INTERVIEW) else ""


@cache
def _table() -> dict[str, Any]:  # Any: as tomllib gives it
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
