"""Published instances: one without a roster, others with one."""

from pathlib import Path

import pytest

from scheduling.solver.explain import explain
from scheduling.solver.formats import read_instance
from scheduling.solver.instance import Instance
from tests.scheduling.solver.explain.planted import planted, ward
from tests.scheduling.solver.realdata import rostering_folder

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
