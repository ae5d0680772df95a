"""Has a worker find the options after a sick call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hospital.jobs.questions import ask

QUESTION = "rosters.repair"
SEARCH_S = 4.0  # with loading, so that the answer is there within five seconds

Found = dict[str, Any]  # Any: as `child.as_json` writes it


class SickCallError(ValueError):
    """The sick call cannot be; `told` says why, as the child tells it."""

    def __init__(self, told: dict[str, Any]) -> None:  # Any: a template and values
        super().__init__(told["template"])
        self.told = told


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A sick call, as the child takes it.

    Attributes:
        instance: The problem in the `anji` form.
        rows: The roster that people live by, a row a person.
        drafted: The working copy, which taking an option changes.
        absences: By person id, the days that cannot be worked.
        day, minute: Now, in the roster's own days.
        freeze_hours: What starts within so many hours stays.
        cell_weight, person_weight: What a changed cell and a person disturbed are worth
            in cover's cost; None for what the search takes by itself.
    """

    instance: Any  # Any: JSON
    rows: Sequence[Sequence[str]]
    drafted: Sequence[Sequence[str]]
    absences: dict[str, list[int]]
    day: int
    minute: int
    freeze_hours: int
    cell_weight: float | None = None
    person_weight: float | None = None


def options_after(call: Call) -> list[Found]:
    """Return the options, the best cover first.

    Raises:
        SickCallError: The call names somebody or a day that is not there.
        Unanswered: No answer came in time.
    """
    answer = ask(QUESTION, as_asked(call))
    if "error" in answer:
        raise SickCallError(answer["error"])
    options: list[Found] = answer["options"]
    return options


def as_asked(call: Call) -> dict[str, Any]:  # Any: JSON as the child reads it
    weights = {
        "cell_weight": call.cell_weight,
        "person_weight": call.person_weight,
    }
    return {
        "instance": call.instance,
        "rows": [list(row) for row in call.rows],
        "drafted": [list(row) for row in call.drafted],
        "absences": [
            {"person": person, "days": days} for person, days in call.absences.items()
        ],
        "day": call.day,
        "minute": call.minute,
        "freeze_hours": call.freeze_hours,
        "weights": {name: one for name, one in weights.items() if one is not None},
        "seconds": SEARCH_S,
    }
