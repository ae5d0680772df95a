"""The decoder child: reads hostile files so that no other process has to.

Started by `pool.py` as `python -m diagnosis.dicom.child`. It limits its own memory
before it imports anything heavy, writes no file, sees no secret of the environment, and
answers every request with a result or with a refusal's code. What it cannot survive
(a crash in a codec, an endless loop) its parent survives.
"""

import logging
import os
import resource
import signal
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any  # Any: requests are JSON of the parent's making

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import MEMORY_BYTES, STARVED_FACTOR
from diagnosis.dicom.wire import WireClosedError, receive, send

ALARM_SLACK_S = 1.0  # the parent kills first; the alarm is for a child without parent
Answer = tuple[dict[str, Any], bytes]
Operations = dict[str, Callable[[dict[str, Any]], Answer]]


def limit_resources() -> None:
    """Cap memory, forbid file writes and core dumps, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(operations: Operations, request: dict[str, Any]) -> Answer:
    """Return the result of a request, or its refusal: nothing gets past this."""
    try:
        facts, body = operations[request["operation"]](request)
    except DicomRefused as refusal:
        return {"refused": refusal.code, "detail": refusal.detail}, b""
    except FileNotFoundError:
        return {"refused": "file_missing", "detail": ""}, b""
    except MemoryError:
        return {"refused": "too_large", "detail": ""}, b""
    except RecursionError:
        return {"refused": "nesting", "detail": ""}, b""
    except Exception as error:  # noqa: BLE001 (the boundary: a file may break anything)
        return {"refused": "unreadable", "detail": f"({type(error).__name__})"}, b""
    return {"result": facts}, body


def main() -> None:
    """Serve requests from standard input until it closes."""
    limit_resources()
    warnings.simplefilter("ignore")  # what is odd in a file is told in its notes
    requests, answers = os.dup(0), os.dup(1)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)  # codecs print; the pipe is not theirs

    logging.disable(logging.CRITICAL)
    operations = import_module("diagnosis.dicom.operations").OPERATIONS
    send(answers, {"result": "ready"})
    while True:
        try:
            request, _ = receive(requests)
            signal.setitimer(
                signal.ITIMER_REAL, request["seconds"] * STARVED_FACTOR + ALARM_SLACK_S
            )
            facts, body = answer(operations, request)
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(answers, facts, body)
            del body
        except WireClosedError:
            sys.exit(0)


if __name__ == "__main__":
    main()
