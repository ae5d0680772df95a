"""Has a child learn from a file, and waits no longer than a person would."""

import json
import subprocess
import sys
from threading import BoundedSemaphore
from typing import Any

CHILDREN = 1  # at once in one web process: a large file takes much memory
WAIT_S = 5.0  # for it to be free
TIMEOUT_S = 60.0  # of a hundred thousand rows on a busy machine
_turns = BoundedSemaphore(CHILDREN)

Learned = dict[str, Any]  # Any: as `proposals.learned` writes it


class LearningError(Exception):
    """Nothing came of it: the machine is too busy, or the child failed."""


class UnreadableFile(ValueError):
    """The file is none of past rosters; `told` says in which line and why."""

    def __init__(self, told: dict[str, Any]) -> None:  # Any: as the child tells it
        super().__init__(told["template"])
        self.told = told


def learn_from_file(content: bytes, *, kind: str) -> Learned:
    """Return what a file of past rosters suggests.

    Raises:
        UnreadableFile: A line of it is not what it should be.
        LearningError: No answer came in time.
    """
    if not _turns.acquire(timeout=WAIT_S):
        message = "Another file is being read."
        raise LearningError(message)
    try:
        done = subprocess.run(  # noqa: S603 (one of two words of our own)
            [sys.executable, "-m", "scheduling.learning.child", kind],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a trace would name people in the log
            check=True,
            timeout=TIMEOUT_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise LearningError(str(error)) from error
    finally:
        _turns.release()
    answer: Learned = json.loads(done.stdout)
    if "error" in answer:
        raise UnreadableFile(answer["error"])
    return answer
