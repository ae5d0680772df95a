"""Options are found by few children at once, which fail softly."""

import time

import pytest

from scheduling.repairing import running
from scheduling.repairing.running import CHILDREN, Call, RepairingError, options_after
from scheduling.solver.formats import to_json
from tests.scheduling.wards import DAY, ward

PATIENCE_S = 5.0
CALL = Call(
    instance=to_json(ward()),
    rows=[[DAY, *[""] * 6], [""] * 7, [""] * 7],
    drafted=[[DAY, *[""] * 6], [""] * 7, [""] * 7],
    absences={"P0": [0]},
    day=0,
    minute=0,
    freeze_hours=0,
)


def test_a_turn_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_turns", taken := running.BoundedSemaphore(CHILDREN))
    for _turn in range(CHILDREN):
        taken.acquire()
    begun = time.monotonic()

    with pytest.raises(RepairingError, match="Other sick calls are being answered"):
        options_after(CALL)

    assert time.monotonic() - begun < PATIENCE_S


def test_a_child_that_cannot_start_gives_its_turn_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running.sys, "executable", "/nowhere/python")

    for _try in range(CHILDREN + 1):
        with pytest.raises(RepairingError, match="/nowhere/python"):
            options_after(CALL)


@pytest.mark.slow
def test_a_child_has_memory_enough() -> None:
    assert options_after(CALL)
