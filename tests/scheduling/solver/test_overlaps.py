"""Two shifts of one person that overlap by the clock are legal nowhere."""

import json
from dataclasses import replace

import pytest

from scheduling.solver.columns.rulebook import RuleBooks
from scheduling.solver.errors import FormatError
from scheduling.solver.explain import explain
from scheduling.solver.formats import read_instance, to_json
from scheduling.solver.instance import Instance
from scheduling.solver.laws import law_profile, under_law
from scheduling.solver.mending.parts import hard_part
from scheduling.solver.overlaps import OVERLAP
from scheduling.solver.rules import Demand, Pattern
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.verify import verify
from tests.scheduling.solver.laws.ward import row, shift, ward

NIGHT = shift("N", 22, 31)
EARLY = shift("E", 6, 14)
LATE = shift("L", 7, 15)  # begins as the night ends
DUTY = shift("D", 8, 55)  # two days and a morning


def small(*, days: int = 3) -> Instance:
    return ward(days=days, shifts=(NIGHT, EARLY, LATE))


def pinned(instance: Instance, *pins: tuple[int, str]) -> Instance:
    (person,) = instance.people
    return replace(instance, people=(replace(person, pinned=pins),))


@pytest.mark.parametrize("law", ["", "china-labor-law", "eu-2003-88-ec"])
def test_an_early_shift_before_the_night_ends_is_told_once(law: str) -> None:
    instance = small()
    if law:
        instance = under_law(instance, law_profile(law))

    broken = [one.days for one in verify(instance, row("NE.")).hard]

    assert broken == [(0, 1)]


def test_a_shift_that_begins_as_the_other_ends_is_legal() -> None:
    assert verify(small(), row("NL.")).hard == ()


def test_a_duty_of_two_days_reaches_over_a_day_off() -> None:
    instance = ward(days=4, shifts=(DUTY, EARLY, replace(NIGHT, end_minute=1440)))

    assert [one.days for one in verify(instance, row("D.E.")).hard] == [(0, 1, 2)]
    assert verify(instance, row("D.N.")).hard == ()


def test_a_rule_of_the_file_that_says_the_same_stands_alone() -> None:
    rule = Pattern(name="own", days=(frozenset("N"), frozenset("EL")))
    instance = small()
    (person,) = instance.people
    said = replace(instance, people=(replace(person, rules=(rule,)),))

    assert said.rules_of(said.people[0]) == (rule,)


def test_the_model_keeps_it() -> None:
    need = {"under_weight": 10, "at_least": 1}
    demands = (
        Demand(day=0, shifts=frozenset("N"), **need),
        Demand(day=1, shifts=frozenset("E"), **need),
    )
    instance = replace(small(), demands=demands)

    model = build(instance)
    answer = solve_cpsat(model.linear, budget=Budget(seconds=10))

    assert answer.values is not None
    verdict = verify(instance, model.roster(answer.values))
    assert (verdict.hard, verdict.objective) == ((), 10)


def test_the_tables_of_columns_keep_it() -> None:
    (book,) = RuleBooks(small()).books

    assert book.cost(("N", "E", "")) is None
    assert book.cost(("N", "L", "")) == 0


def test_a_conflict_names_it_and_only_the_fixed_day_can_yield() -> None:
    instance = pinned(small(), (0, "N"), (1, "E"))

    explanation = explain(instance)

    (conflict,) = explanation.conflicts
    assert {one.rule for one in conflict.members} == {OVERLAP, "pinned"}
    assert {
        change.kind for repair in explanation.repairs for change in repair.changes
    } == {"pinned"}


def test_what_the_hard_part_says_is_not_said_again() -> None:
    hard = hard_part(small())

    assert len(hard.rules_of(hard.people[0])) == 1


def test_overlapping_fixed_shifts_are_refused_at_import() -> None:
    text = json.dumps(to_json(pinned(small(), (0, "N"), (1, "E"))))

    with pytest.raises(FormatError, match=r"ann has N on .* and E on .* overlap"):
        read_instance(text, format="anji")
