"""Has a child explain: a worker's, for a page that waits; or a job's own, watched."""

from collections.abc import Callable, Sequence
from typing import Any

from hospital.jobs.children import answer_of
from hospital.jobs.questions import ask

CHILD = "scheduling.explaining.child"
QUESTION = "rosters.why"
WHY_S = 3.5  # with loading, so that the answer is there within five seconds
EXPLAIN_S = 30.0
GRACE_S = 60.0  # for a watched child to load, write and end

Answer = dict[str, Any]  # Any: as `child` writes it


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
        Unanswered: No answer came in time.
    """
    asked = {
        "instance": instance,
        "rows": [list(row) for row in rows],
        "person": person,
        "day": day,
        "seconds": WHY_S,
    }
    return _sound(ask(QUESTION, asked))


def explain_watched(
    instance: Any,  # Any: JSON in the `anji` form
    *,
    look: Callable[[], None],
    seconds: float = EXPLAIN_S,
) -> Answer:
    """Return why a problem has no legal roster; the child is killed when `look` raises.

    Raises:
        QuestionError: The problem cannot be.
        ChildError: The child failed, or did not end.
    """
    asked = {"instance": instance, "seconds": seconds}
    return _sound(answer_of(CHILD, asked, look=look, limit_s=seconds + GRACE_S))


def _sound(answer: Answer) -> Answer:
    if "error" in answer:
        raise QuestionError(answer["error"])
    return answer
