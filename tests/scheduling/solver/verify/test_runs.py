"""Days in a row, judged by hand: in the horizon, at its edges, and out of the history."""

import pytest

from scheduling.solver.rules import Run
from scheduling.solver.verify import verify
from tests.scheduling.solver.verify.wards import (
    alone,
    judged,
    only_violation,
    roster,
)

MOST = Run(name="work", at_most=3, weight=10)
FEWEST = Run(name="work", at_least=3, weight=10)
CLOSED = Run(name="work", at_least=3, open_start=False, open_end=False, weight=10)
REST = Run(name="rest", of="off", at_least=2, at_most=3, weight=10)
NIGHTS = Run(
    name="nights", of="shifts", shifts=frozenset("N"), at_least=2, at_most=3, weight=10
)


@pytest.mark.parametrize(
    ("rule", "row", "breaches"),
    [
        (MOST, "EEE-EEE", []),
        (MOST, "-EEEEE-", [(20, (1, 2, 3, 4, 5))]),
        (MOST, "EELNEEE", [(40, (0, 1, 2, 3, 4, 5, 6))]),
        (FEWEST, "-EEE---", []),
        (FEWEST, "-EE----", [(10, (1, 2))]),
        (FEWEST, "E---E--", [(20, (4,))]),  # the first may have begun before
        (FEWEST, "--E---E", [(20, (2,))]),  # the last may go on
        (CLOSED, "E-----E", [(20, (0,)), (20, (6,))]),
        (CLOSED, "-------", []),
        (REST, "E-E----", [(10, (1,)), (10, (3, 4, 5, 6))]),
        (REST, "-EEEEE-", []),
        (NIGHTS, "-N-NNNN", [(10, (1,)), (10, (3, 4, 5, 6))]),
        (NIGHTS, "ENEEEEE", [(10, (1,))]),
    ],
)
def test_breaches_without_history(
    rule: Run, row: str, breaches: list[tuple[int, tuple[int, ...]]]
) -> None:
    assert judged(rule, row) == breaches


@pytest.mark.parametrize(
    ("rule", "history", "row", "breaches"),
    [
        (MOST, "-EE", "E------", []),
        (MOST, "-EE", "EE-----", [(10, (0, 1))]),
        (MOST, "EEEEE", "E------", [(10, (0,))]),  # only what the horizon adds
        (MOST, "EEEEE", "-EEE---", []),
        (FEWEST, "-E", "E------", [(10, (0,))]),
        (FEWEST, "-E", "EE-----", []),
        (FEWEST, "-E", "-------", [(20, (0,))]),  # day 0 ends it too soon
        (FEWEST, "-E-", "-------", []),  # over before the horizon
        (FEWEST, "E", "-------", []),  # nobody knows when it began
        (CLOSED, "E", "-------", [(20, (0,))]),
        (REST, "E-", "E------", [(10, (0,)), (30, (1, 2, 3, 4, 5, 6))]),
        (NIGHTS, "EN", "N-EEEEE", []),
    ],
)
def test_breaches_out_of_the_history(
    rule: Run, history: str, row: str, breaches: list[tuple[int, tuple[int, ...]]]
) -> None:
    assert judged(rule, row, history=history) == breaches


def test_a_hard_run_is_told_in_words() -> None:
    rule = Run(name="most", at_most=2)

    violation = only_violation(
        verify(alone(rule, days=7, history="-E"), roster("EEE----"))
    )

    assert violation.rule == "most"
    assert violation.days == (0, 1, 2)
    assert violation.message == (
        "Ann works 4 days in a row until 2026-03-04; at most 2."
    )


def test_a_short_run_of_shifts_names_them() -> None:
    rule = Run(name="fewest", of="shifts", shifts=frozenset("EN"), at_least=2)

    violation = only_violation(verify(alone(rule, days=7), roster("-N-----")))

    assert violation.message == (
        "Ann works E, N on only 1 days in a row until 2026-03-03; at least 2."
    )
