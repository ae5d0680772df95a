"""Has a child explain: at once for a page, few at a time; or watched, for a job."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from threading import BoundedSemaphore
from typing import Any

CHILDREN = 2  # at once in one web process: it has eight threads for everything
WAIT_S = 1.0  # for one of them to be free
WHY_S = 3.0  # so that the answer is there within five seconds
TIMEOUT_S = 20.0  # of a child on a busy machine
EXPLAIN_S = 30.0
GRACE_S = 60.0  # for a watched child to load, write and end
LOOK_EVERY_S = 0.25
_turns = BoundedSemaphore(CHILDREN)

Answer = dict[str, Any]  # Any: as `child` writes it


class ExplainingError(Exception):
    """No answer came: the machine is too busy, or the child failed."""


class QuestionError(ValueError):
    """The question cannot be; the message says why."""


def why_now(
    instance: Any,  # Any: JSON in the `anji` form
    rows: Sequence[Sequence[str]],
    *,
    person: str,
    day: int,
) -> Answer:
    """Return what there is instead of one cell's shift.

    Raises:
        QuestionError: The cell is none that is worked.
        ExplainingError: No answer came in time.
    """
    asked = {
        "instance": instance,
        "rows": [list(row) for row in rows],
        "person": person,
        "day": day,
        "seconds": WHY_S,
    }
    if not _turns.acquire(timeout=WAIT_S):
        message = "Other questions are being answered."
        raise ExplainingError(message)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling.explaining.child"],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace would name people in the log
            text=True,
            check=True,
            timeout=TIMEOUT_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise ExplainingError(str(error)) from error
    finally:
        _turns.release()
    return _read(done.stdout)


def explain_watched(
    instance: Any,  # Any: JSON in the `anji` form
    *,
    look: Callable[[], None],
    seconds: float = EXPLAIN_S,
) -> Answer:
    """Return why a problem has no legal roster; the child is killed when `look` raises.

    Raises:
        QuestionError: The problem cannot be.
        ExplainingError: The child failed, or did not end.
    """
    asked = json.dumps({"instance": instance, "seconds": seconds})
    with tempfile.TemporaryFile("w+") as question, tempfile.TemporaryFile("w+") as out:
        question.write(asked)
        question.seek(0)
        with subprocess.Popen(
            [sys.executable, "-m", "scheduling.explaining.child"],
            stdin=question,
            stdout=out,
            stderr=subprocess.DEVNULL,
        ) as child:
            try:
                status = _wait(child, look, turns=(seconds + GRACE_S) / LOOK_EVERY_S)
            finally:
                child.kill()
        if status != 0:
            message = f"The child ended with {status}."
            raise ExplainingError(message)
        out.seek(0)
        return _read(out.read())


def _wait(
    child: "subprocess.Popen[bytes]", look: Callable[[], None], *, turns: float
) -> int:
    for _turn in range(int(turns)):
        look()
        try:
            return child.wait(timeout=LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue
    message = "The child did not end in time."
    raise ExplainingError(message)


def _read(text: str) -> Answer:
    answer: Answer = json.loads(text)
    if "error" in answer:
        raise QuestionError(answer["error"])
    return answer
