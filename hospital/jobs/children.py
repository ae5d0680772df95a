"""A program of ours that works on one thing: JSON in, JSON out, killed at its limit."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from hospital.core.supervisor import launch
from hospital.env import BASE_DIR

LOOK_EVERY_S = 0.25
WITH_US = (sys.executable, "-IS", launch.__file__)  # ends it when we are killed

Json = dict[str, Any]  # Any: what the child itself reads and writes


class ChildError(Exception):
    """The child failed, or did not end in time."""


def answer_of(
    module: str, asked: Json, *, look: Callable[[], None], limit_s: float
) -> Json:
    """Return what a module answers; the child is killed when `look` raises.

    The child is told as `began` when it was started, by the machine's steady clock:
    loading takes long where others work.

    Raises:
        ChildError: No answer came of it.
    """
    with tempfile.TemporaryFile("w+") as question, tempfile.TemporaryFile("w+") as out:
        json.dump({**asked, "began": time.monotonic()}, question)
        question.seek(0)
        try:
            _run(module, question.fileno(), out.fileno(), look=look, limit_s=limit_s)
        except OSError as error:
            raise ChildError(str(error)) from error
        out.seek(0)
        answer: Json = json.load(out)
        return answer


def _run(
    module: str, source: int, out: int, *, look: Callable[[], None], limit_s: float
) -> None:
    with subprocess.Popen(  # noqa: S603 (modules of our own)
        [*WITH_US, str(os.getpid()), sys.executable, "-m", module],
        stdin=source,
        stdout=out,
        stderr=subprocess.DEVNULL,  # a trace would name people in the log
        cwd=BASE_DIR,
    ) as child:
        try:
            status = _wait(child, look, until=time.monotonic() + limit_s)
        finally:
            child.kill()
    if status != 0:
        message = f"The child ended with {status}."
        raise ChildError(message)


def _wait(
    child: "subprocess.Popen[bytes]", look: Callable[[], None], *, until: float
) -> int:
    while time.monotonic() < until:
        look()
        try:
            return child.wait(timeout=LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue
    message = "The child did not end in time."
    raise ChildError(message)
