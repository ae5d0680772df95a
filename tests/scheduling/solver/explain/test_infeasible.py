"""Published instances: one without a roster, others with one."""

from pathlib import Path

import pytest

from scheduling.solver.explain import explain
from scheduling.solver.formats import read_instance
from scheduling.solver.instance import Instance
from scheduling.solver.rules import Count, Weekends
from tests.scheduling.solver.explain.planted import planted, ward
from tests.scheduling.solver.realdata import rostering_folder
from tests.scheduling.solver.verify.wards import alone

FORTNIGHT = tuple(range(14))


def curtois(path: Path) -> Instance:
    return read_instance(path.read_text(), format="curtois", name=path.stem)


@pytest.mark.realdata
def test_the_employee_whose_minutes_need_more_shifts_than_allowed_is_named() -> None:
    instance = curtois(rostering_folder("") / "infeasible_example.txt")

    explanation = explain(instance)

    (conflict,) = explanation.conflicts
    assert explanation.status == "infeasible"
    assert conflict.is_minimal
    assert [(one.person, one.rule, one.days) for one in conflict.members] == [
        ("C", "fewest hours", FORTNIGHT),
        ("C", "most D shifts", FORTNIGHT),
    ]
    assert [
        (change.message(instance).text, repair.cost)
        for repair in explanation.repairs
        for change in repair.changes
    ] == [
        ("Lower fewest hours of C from 56 h to 24 h.", 40),
        ("Raise most D shifts of C from 3 to 7.", 40),
    ]


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["Instance1", "Instance4"])
def test_a_published_instance_has_a_roster(name: str) -> None:
    instance = curtois(rostering_folder("curtois") / f"{name}.txt")

    assert explain(instance).status == "feasible"


def test_elastic_cover_is_no_conflict() -> None:
    """Nobody could serve all of it, but what is uncovered merely costs."""
    explanation = explain(ward())

    assert (explanation.status, explanation.conflicts) == ("feasible", ())


def test_an_explanation_that_runs_out_of_time_says_so() -> None:
    case = planted("demand_above_staff", 1)

    explanation = explain(case.instance, seconds=1e-6)

    assert (explanation.status, explanation.conflicts) == ("unknown", ())


def test_a_member_is_told_in_words() -> None:
    case = planted("run_from_before", 1)

    (conflict,) = explain(case.instance).conflicts

    (who,) = {member.person for member in conflict.members}
    assert [one.message(case.instance).text for one in conflict.members] == [
        f"most days in a row of {who}, 2026-06-01 to 2026-06-01",
        f"what is fixed for {who} on 2026-06-01",
    ]


@pytest.mark.parametrize(
    ("rule", "told", "mend"),
    [
        (
            Weekends(name="weekends", at_least=1),
            "weekends of Ann",
            "Lower weekends of Ann from 1 to 0.",
        ),
        (
            Count(name="Sundays", days=(6,), at_least=1),  # as it may have been kept
            "Sundays of Ann",
            "Lower Sundays of Ann from 1 to 0.",
        ),
    ],
)
def test_a_minimum_without_a_day_is_told_without_one(
    rule: Count | Weekends, told: str, mend: str
) -> None:
    instance = alone(rule, days=5)  # Monday to Friday

    explanation = explain(instance)

    (conflict,) = explanation.conflicts
    (member,) = conflict.members
    (repair,) = explanation.repairs
    (change,) = repair.changes
    assert (member.days, member.message(instance).text) == ((), told)
    assert change.message(instance).text == mend
    assert {day for one in explanation.findings for day in one.days} <= set(range(5))
