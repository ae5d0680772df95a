"""What is asked: the turns of one person and what is known of them, checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from consult.language.detect import Language
from consult.safety.check import Person
from consult.triage.vitals import VITALS

MOST_TURNS = 200
MOST_BYTES = 51_200  # of one message: 50 KiB, wherever it is taken, read or typed
ASKERS = {"user", "patient", "person"}
SEXES = ("female", "male", "other")
_SEX_LETTERS = {"f": "female", "m": "male", "女": "female", "男": "male"}


class RequestError(ValueError):
    """A question has a shape that cannot be read; the message names the member."""


@dataclass(frozen=True, slots=True)
class Request:
    """Turns oldest first; the language when the asker names one."""

    turns: tuple[str, ...]
    language: Language | None
    person: Person


def read_request(row: object) -> Request:
    """Return the request in a JSON object `{"text" | "turns", "lang"?, "age"?, …}`.

    Raises:
        RequestError: A member is missing, too large or of the wrong type.
        PersonError: A value cannot be true of a person.
    """
    if not isinstance(row, Mapping):
        message = "a row is a JSON object with `text` or `turns`"
        raise RequestError(message)
    return Request(_turns(row), _language(row.get("lang")), _person(row))


def _turns(row: Mapping[str, object]) -> tuple[str, ...]:
    if "text" in row and row["text"] is not None:
        turns: object = [row["text"]]
    else:
        turns = row.get("turns")
    if not isinstance(turns, list) or not turns:
        message = "`text` is a string, or `turns` a list of strings with at least one"
        raise RequestError(message)
    said = [_said(turn) for turn in turns if not _is_ours(turn)]
    texts = [text for text in said if isinstance(text, str)]
    if len(texts) != len(said) or not texts:
        message = "each turn is a string"
        raise RequestError(message)
    if len(texts) > MOST_TURNS:
        message = f"{len(texts)} turns; at most {MOST_TURNS} are read"
        raise RequestError(message)
    return tuple(_cut(text) for text in texts)


def _said(turn: object) -> object:
    if isinstance(turn, Mapping):
        return turn.get("text", turn.get("content"))
    return turn


def _is_ours(turn: object) -> bool:
    """Whether the hospital said it: only what the person says is read."""
    return isinstance(turn, Mapping) and turn.get("role", "user") not in ASKERS


def _cut(text: str) -> str:
    """Return at most the bytes of a message, whole characters only."""
    encoded = text.encode("utf-8", "replace")
    return encoded[:MOST_BYTES].decode("utf-8", "ignore")


def _language(value: object) -> Language | None:
    if value is None:
        return None
    if not isinstance(value, str) or value[:2].lower() not in {"en", "zh"}:
        message = f"`lang` is en or zh, not {value!r}"
        raise RequestError(message)
    return "zh" if value[:2].lower() == "zh" else "en"


def _person(row: Mapping[str, object]) -> Person:
    sex = row.get("sex")
    if sex is not None:
        name = str(sex).lower()
        sex = _SEX_LETTERS.get(name, name)
        if sex not in SEXES:
            message = f"`sex` is one of {', '.join(SEXES)}"
            raise RequestError(message)
    return Person(
        age=_number(row.get("age"), "age"),
        sex=sex if isinstance(sex, str) else None,
        pregnant=row.get("pregnant") is True,
        vitals=_vitals(row.get("vitals")),
    )


def _vitals(values: object) -> dict[str, float]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        message = "`vitals` is an object of numbers"
        raise RequestError(message)
    measured = {name: _number(values.get(name), name) for name in VITALS}
    return {name: value for name, value in measured.items() if value is not None}


def _number(value: object, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"`{name}` is a number, not {value!r}"
        raise RequestError(message)
    try:
        return float(value)
    except OverflowError as error:
        message = f"`{name}` is too large"
        raise RequestError(message) from error
