"""Has a child find the options after a sick call, few children at once."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

CHILDREN = 2  # at once in one web process: it has eight threads for everything
WAIT_S = 1.0  # for one of them to be free
SEARCH_S = 3.5  # so that the answer is there within five seconds
TIMEOUT_S = 20.0  # of a child on a busy machine
_turns = BoundedSemaphore(CHILDREN)

Found = dict[str, Any]  # Any: as `child.as_json` writes it


class RepairingError(Exception):
    """No option came of it: the machine is too busy, or the child failed."""


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
    """

    instance: Any  # Any: JSON
    rows: Sequence[Sequence[str]]
    drafted: Sequence[Sequence[str]]
    absences: dict[str, list[int]]
    day: int
    minute: int
    freeze_hours: int


def options_after(call: Call) -> list[Found]:
    """Return the options, the best cover first.

    Raises:
        SickCallError: The call names somebody or a day that is not there.
        RepairingError: No answer came in time.
    """
    asked = {
        "instance": call.instance,
        "rows": [list(row) for row in call.rows],
        "drafted": [list(row) for row in call.drafted],
        "absences": [
            {"person": person, "days": days} for person, days in call.absences.items()
        ],
        "day": call.day,
        "minute": call.minute,
        "freeze_hours": call.freeze_hours,
        "seconds": SEARCH_S,
    }
    answer = json.loads(_run(json.dumps(asked)))
    if "error" in answer:
        raise SickCallError(answer["error"])
    options: list[Found] = answer["options"]
    return options


def _run(text: str) -> str:
    if not _turns.acquire(timeout=WAIT_S):
        message = "Other sick calls are being answered."
        raise RepairingError(message)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling.repairing.child"],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace would name people in the log
            text=True,
            check=True,
            timeout=TIMEOUT_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise RepairingError(str(error)) from error
    finally:
        _turns.release()
    return done.stdout
