"""Workbooks are made by few children at once, which fail softly."""

import time

import pytest

from scheduling.workbooks import running
from scheduling.workbooks.child import MEMORY_BYTES
from scheduling.workbooks.running import CHILDREN, Sheet, WorkbookError, workbook

PATIENCE_S = 5.0
SHEETS = [Sheet(title="June", rows=[["P0", "D"]])]


def test_a_turn_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_turns", taken := running.BoundedSemaphore(CHILDREN))
    for _turn in range(CHILDREN):
        taken.acquire()
    begun = time.monotonic()

    with pytest.raises(WorkbookError, match="Other workbooks are being made"):
        workbook(SHEETS)

    assert time.monotonic() - begun < PATIENCE_S


def test_a_child_that_cannot_start_gives_its_turn_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(running.sys, "executable", "/nowhere/python")
        for _try in range(CHILDREN + 1):
            with pytest.raises(WorkbookError, match="/nowhere/python"):
                workbook(SHEETS)

    assert workbook(SHEETS).startswith(b"PK")


def test_a_child_says_nothing_of_people(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WorkbookError):
        workbook([Sheet(title="[Zhang]", rows=[["Zhang"]])])  # no sheet has that title

    assert "Zhang" not in capfd.readouterr().err


def test_a_child_has_memory_enough_for_the_largest() -> None:
    row = [f"{number:011d}" for number in range(402)]

    made = workbook([Sheet(title="June", rows=[row] * 500)])

    assert made.startswith(b"PK")
    assert MEMORY_BYTES == 1024**3
