"""What a message asks for, by rules that read the same spelling as those of safety."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, cast

from consult.intent.told import intents_told
from consult.language.concepts_read import Reading
from consult.language.patterns import Pattern, compile_pattern
from consult.triage.complaints import complaints

Intent = Literal[
    "symptom",
    "disease",
    "medicine",
    "department",
    "appointment",
    "report",
    "visit",
    "complaint",
    "human",
    "out_of_scope",
    "harmful",
]
OF_A_PATTERN, OF_A_TALE = (
    0.4,
    0.8,
)  # what a pattern, and a complaint told without a question, adds
SURE = 0.6  # of what does something: refuses, or asks for a person
_TABLE = Path(__file__).with_name("data") / "intents.toml"
_OVER_SYMPTOMS = frozenset(
    {"human", "complaint", "appointment", "department", "report"}
)


def intent_of(reading: Reading, *, is_dangerous: bool, is_refused: bool) -> Intent:
    """Return the intent of a talk; danger is a symptom whatever else is asked.

    Args:
        reading: What the turns name.
        is_dangerous: Whether a rule of safety fired.
        is_refused: Whether the request is one that is refused as harmful.
    """
    asked = _asked(reading)
    if is_refused:
        return "harmful"
    if "human" in asked:
        return "human"
    if is_dangerous:
        return "symptom"
    plain = next((name for name in asked if name in _OVER_SYMPTOMS), None)
    ruled = plain or _of_health(reading, asked)
    sure = {each.label: each.probability for each in intents_told(reading)}
    is_tale = ruled == "symptom" and _only_tells(reading)
    if asked or not is_silent(reading):
        sure[ruled] = sure.get(ruled, 0.0) + (OF_A_TALE if is_tale else OF_A_PATTERN)
    for doing in ("harmful", "human"):
        if sure[doing] < SURE:
            del sure[doing]
    return cast("Intent", max(sure, key=sure.__getitem__))


def _of_health(reading: Reading, asked: list[Intent]) -> Intent:
    known = {complaint.concept for complaint in complaints()}
    if asked[:1] == ["medicine"]:
        return "medicine"
    if known & reading.concepts("present"):
        return "symptom" if _is_own(reading) or _only_tells(reading) else "disease"
    is_asked = known & reading.concepts("general", "past", "denied")
    return "disease" if is_asked or not asked else asked[0]


def is_silent(reading: Reading) -> bool:
    """Whether no rule knows what is asked for, nor of what complaint."""
    known = {complaint.concept for complaint in complaints()}
    told = reading.concepts("present", "general", "past", "denied")
    return not known & told and not _asked(reading)


def wants_human(reading: Reading) -> bool:
    """Whether a person was asked for in any turn."""
    return "human" in _asked(reading) or any(
        each.label == "human" and each.probability >= SURE
        for each in intents_told(reading)
    )


def human_words(reading: Reading) -> frozenset[str]:
    """Return the words that ask for a person; of an illness they tell nothing."""
    asking = [pattern for name, pattern in _patterns() if name == "human"]
    return frozenset(
        match.group()
        for sentence in reading.sentences
        for pattern in asking
        for match in pattern.regex.finditer(sentence.text)
    )


def _is_own(reading: Reading) -> bool:
    """Whether somebody tells of a body, not of a subject: `can I` asks, and tells nothing."""
    return any(
        word in _MAY_I.sub(" ", f" {sentence.text} ")
        for sentence in reading.sentences
        for word in (
            " i ",
            " my ",
            " me ",
            " he ",
            " she ",
            "我",
            "孩子",
            "宝宝",
            "他",
            "她",
        )
    )


def _only_tells(reading: Reading) -> bool:
    """Whether nothing is asked: `cough for three days` is a complaint."""
    return not any(_ASKS.search(sentence.text) for sentence in reading.sentences)


_MAY_I = re.compile(r" (?:can|could|should|must|may|do|will|would) i (?=\S)")
_ASKS = re.compile(
    r"\?|？|吗|什么|怎么|如何|哪|多少|为何|是不是|能不能|会不会"
    r"|(?<!\S)(?:what|how|why|when|which|who|where|is it|are there|can|does|do|should|tell me|explain|about)(?!\S)"
)


def _asked(reading: Reading) -> list[Intent]:
    """Return what is asked for, in the order of the table."""
    index, names = _index()
    found: set[Intent] = set()
    for sentence in reading.sentences:
        for number in {
            number for key in index.keys() & sentence.keys for number in index[key]
        }:
            name, pattern = _patterns()[number]
            if name not in found and pattern.has_others_in(sentence.keys):
                found.update({name} if pattern.regex.search(sentence.text) else ())
    return [name for name in names if name in found]


@cache
def _index() -> tuple[dict[str, list[int]], list[Intent]]:
    """Return the numbers of patterns by key, and the intents in their order."""
    index: dict[str, list[int]] = {}
    for number, (_, pattern) in enumerate(_patterns()):
        for key in pattern.keys:
            index.setdefault(key, []).append(number)
    return index, list(dict.fromkeys(name for name, _ in _patterns()))


@cache
def _patterns() -> list[tuple[Intent, Pattern]]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return [
        (entry["name"], compile_pattern(source))
        for entry in table["intent"]
        for source in entry["patterns"]
    ]
