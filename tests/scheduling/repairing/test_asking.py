"""Options are found by a child of a real worker; both may be killed."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from hospital.embedded import Services
from hospital.jobs import questions
from hospital.jobs.questions import Unanswered
from scheduling.repairing.asking import Call, options_after
from scheduling.solver.formats import to_json
from tests.scheduling.wards import DAY, ward
from tests.workers import question_worker

pytestmark = pytest.mark.slow
CALL = Call(
    instance=to_json(ward()),
    rows=[[DAY, *[""] * 6], [""] * 7, [""] * 7],
    drafted=[[DAY, *[""] * 6], [""] * 7, [""] * 7],
    absences={"P0": [0]},
    day=0,
    minute=0,
    freeze_hours=0,
)
QUEUE = "tests.asking"  # that only the worker started here serves
PATIENCE_S = 20.0
TAKE_S = (
    6.0  # as long as a busy machine may need; the connection itself gives up at seven
)


@pytest.fixture(scope="module")
def worker(embedded_services: Services) -> Iterator[psutil.Process]:
    with pytest.MonkeyPatch.context() as patch, question_worker(QUEUE) as process:
        patch.setattr(questions, "QUEUE", QUEUE)
        yield psutil.Process(process.pid)


def child_of(worker: psutil.Process) -> psutil.Process:
    """Return the child that works on a question, as soon as there is one."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE_S
    while not (children := worker.children()):
        assert time.monotonic() < deadline
        pause.wait(0.01)
    return children[0]


def test_both_threads_answer_at_once(worker: psutil.Process) -> None:
    with ThreadPoolExecutor(2) as people:
        first, second = people.map(options_after, [CALL, CALL])

    assert first == second
    assert 3 <= len(first) <= 5


def test_a_killed_child_and_a_killed_worker_are_told_and_leave_nothing(
    worker: psutil.Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "SILENT_S", 2.5)
    monkeypatch.setattr(questions, "TAKE_S", TAKE_S)
    with ThreadPoolExecutor(1) as person:
        asked = person.submit(options_after, CALL)
        child_of(worker).kill()
        with pytest.raises(Unanswered) as killed:
            asked.result(PATIENCE_S)

        asked = person.submit(options_after, CALL)
        left = child_of(worker)
        worker.kill()
        with pytest.raises(Unanswered) as lost:
            asked.result(PATIENCE_S)

        monkeypatch.setattr(questions, "TAKE_S", 0.5)
        with pytest.raises(Unanswered) as alone:
            person.submit(options_after, CALL).result(PATIENCE_S)

    assert (killed.value.reason, lost.value.reason) == ("failed", "worker_lost")
    assert alone.value.reason == "not_taken"
    psutil.wait_procs([left], PATIENCE_S)
    assert not left.is_running()
