"""Thirty planted conflicts: each found exactly, proven minimal, and mended."""

from dataclasses import replace

import pytest

from scheduling.solver.explain import Explanation, explain
from scheduling.solver.mending.mended import with_changes
from scheduling.solver.mending.parts import hard_part
from tests.scheduling.solver.explain.planted import KINDS, Planted, planted, ward

SECONDS = 5.0
QUICK_KINDS = ("minutes_above_shifts", "pins_that_follow", "week_above_leave")


def need_exact(case: Planted) -> Explanation:
    """Explain a planted conflict and compare it with what was planted."""
    explanation = explain(case.instance, seconds=SECONDS)
    (conflict,) = explanation.conflicts
    assert explanation.status == "infeasible"
    assert frozenset(conflict.members) == case.conflict
    assert conflict.is_minimal
    return explanation


def need_mended(case: Planted, explanation: Explanation) -> None:
    """Make the changes of each repair and ask again."""
    assert explanation.repairs
    costs = [repair.cost for repair in explanation.repairs]
    assert costs == sorted(costs)
    assert min(costs) > 0
    for repair in explanation.repairs:
        mended = with_changes(hard_part(case.instance), repair.changes)
        assert explain(mended, seconds=SECONDS).status == "feasible"


def test_the_ward_without_a_conflict_has_a_roster() -> None:
    explanation = explain(ward(), seconds=SECONDS)

    assert (explanation.status, explanation.conflicts) == ("feasible", ())


@pytest.mark.parametrize("kind", QUICK_KINDS)
def test_a_planted_conflict_is_told_exactly(kind: str) -> None:
    case = planted(kind, 7)

    explanation = need_exact(case)

    need_mended(case, explanation)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_every_planted_conflict_is_told_exactly(kind: str, seed: int) -> None:
    case = planted(kind, seed)

    explanation = need_exact(case)

    need_mended(case, explanation)


def test_two_conflicts_are_told_apart_and_mended_together() -> None:
    one = planted("minutes_above_shifts", 1)
    other = planted("pins_that_follow", 1)
    (who,) = {member.person for member in other.conflict}
    people = tuple(
        replace(mine, pinned=theirs.pinned) if mine.id == who else mine
        for mine, theirs in zip(one.instance.people, other.instance.people, strict=True)
    )
    both = replace(one.instance, people=people)

    explanation = explain(both, seconds=SECONDS)

    found = {frozenset(conflict.members) for conflict in explanation.conflicts}
    assert found == {one.conflict, other.conflict}
    for repair in explanation.repairs:
        mended = with_changes(hard_part(both), repair.changes)
        assert explain(mended, seconds=SECONDS).status == "feasible"
    assert explanation.repairs
