"""What an interview knows so far, as values that can be stored as plain JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any  # Any: a JSON document

from consult.dialogue.request import MOST_TURNS, Request, RequestError, read_request
from consult.language.detect import Language
from consult.safety.check import Person
from consult.safety.levels import LEVELS, Level

UNANSWERED = "unanswered"
ENOUGH_UNANSWERED = 2  # who leaves two questions in a row has something else in mind


@dataclass(frozen=True, slots=True)
class Asked:
    """One question by its code, and what was answered; empty while it is open."""

    code: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that one person said and was asked, oldest first.

    Attributes:
        is_immediate: Whether a life was in danger at some time of the talk; it stays.
        wants_human: Whether a person was asked for and has not handed the talk back.
        why: The codes of the reasons that the level itself stands on.
    """

    language: Language | None = None
    age: float | None = None
    sex: str | None = None
    pregnant: bool | None = None
    turns: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    groups: tuple[str, ...] = ()
    onset: str = ""
    severity: int | None = None
    course: str = ""
    level: Level | None = None
    is_immediate: bool = False
    wants_human: bool = False
    reasons: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    unhelped: int = 0  # questions since something useful was last said
    is_helped: bool = False
    is_stopped: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the state as plain JSON; `read_state` gives it back."""
        return asdict(self)

    @property
    def open(self) -> str | None:
        """The code of the question that waits for an answer."""
        return self.asked[-1].code if self.asked and not self.asked[-1].answer else None

    @property
    def is_left(self) -> bool:
        """Whether the last questions were left without an answer."""
        last = [asked.answer for asked in self.asked[-ENOUGH_UNANSWERED:]]
        return len(last) == ENOUGH_UNANSWERED and set(last) == {UNANSWERED}

    def with_answer(self, answer: str) -> "State":
        """Return the state with an answer to the open question."""
        closed = replace(self.asked[-1], answer=answer)
        return replace(self, asked=(*self.asked[:-1], closed))

    def with_turn(self, text: str) -> "State":
        """Return the state with one more thing said; the oldest but the first give way."""
        turns = (*self.turns, text)
        if len(turns) > MOST_TURNS:
            turns = (turns[0], *turns[len(turns) - MOST_TURNS + 1 :])
        return replace(self, turns=turns)

    def request(self) -> Request:
        """Return what a turn is read from."""
        person = Person(age=self.age, sex=self.sex, pregnant=self.pregnant is True)
        return Request(self.turns, self.language, person)


def read_state(document: Mapping[str, object]) -> State:
    """Return the state that `as_json` gave.

    Raises:
        RequestError: The document is not one of these states.
    """
    try:
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list | tuple) else value
            for name, value in document.items()
        }
        asked = tuple(Asked(**each) for each in fields.pop("asked", ()))
        state = State(asked=asked, **fields)
        if state.level is not None:
            LEVELS.index(state.level)
        if state.turns:
            _ = read_request(
                {**fields, "turns": list(state.turns), "lang": state.language}
            )
    except (TypeError, ValueError) as error:
        message = f"this is no state of an interview: {error}"
        raise RequestError(message) from error
    return state
