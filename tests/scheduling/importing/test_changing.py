"""Tables change a problem in what they say otherwise, and in nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduling.demo.ward import ward as demo_ward
from scheduling.importing import (
    Differences,
    Flaws,
    RawTable,
    Reading,
    Tongue,
    changed,
    example_tables,
    read_ward,
    ward_tables,
)
from scheduling.importing.problem import CONTRACT_HOURS
from scheduling.importing.values import Value
from scheduling.solver.instance import HeldSkill, Instance
from scheduling.solver.rules import Count, Pattern, Request, Run
from tests.scheduling.importing.wards import PERIOD
from tests.scheduling.wards import ward as small_ward

Rows = dict[str, list[list[Value]]]
NAME, CONTRACT, SHARE, SKILLS, NEVER = 1, 3, 4, 5, 7  # columns of People


def example() -> Instance:
    tables = example_tables(PERIOD.start, tongue=Tongue())
    instance = read_ward(tables, PERIOD, Flaws()).instance
    assert instance is not None
    return instance


def demo() -> Instance:
    return demo_ward(PERIOD.start, name=PERIOD.name, timezone="")


def read(
    instance: Instance, edit: Callable[[Rows], None] = lambda rows: None
) -> Reading:
    """Return what a problem's own tables read as once somebody edited them."""
    rows = {
        one.title: [list(row) for row in one.rows]
        for one in ward_tables(instance, accounts={}, tongue=Tongue())
    }
    edit(rows)
    period = replace(
        PERIOD,
        start=instance.start,
        days=instance.days,
        known=frozenset(instance.person_index),
    )
    tables = [RawTable(title=title, rows=sheet) for title, sheet in rows.items()]
    return read_ward(tables, period, Flaws())


def after(instance: Instance, edit: Callable[[Rows], None]) -> Instance:
    told, sent = read(instance).instance, read(instance, edit).instance
    assert told is not None
    assert sent is not None
    return changed(instance, told, sent)


def said(instance: Instance, edit: Callable[[Rows], None]) -> list[str]:
    told, sent = read(instance), read(instance, edit)
    period = replace(PERIOD, start=instance.start, days=instance.days)
    cells = {(instance.people[0].id, day): "E" for day in range(3)}
    return [one.text for one in Differences(told.ward, sent.ward, period, cells, {})]


def row_of(rows: Rows, sheet: str, first: str) -> list[Value]:
    return next(row for row in rows[sheet] if row[0] == first)


@pytest.mark.parametrize("instance", [example(), demo(), small_ward()])
def test_tables_that_nobody_changed_change_nothing(instance: Instance) -> None:
    def sort(rows: Rows) -> None:
        for sheet in rows.values():
            sheet[1:] = sorted(sheet[1:], key=str, reverse=True)

    assert after(instance, sort) is instance
    assert said(instance, sort) == []


def test_who_leaves_goes_with_requests_and_pairs_and_the_rest_stays() -> None:
    before = example()
    gone = before.people[0].id

    made = after(before, lambda rows: rows["People"].pop(1))  # type: ignore[arg-type, return-value]  # what pop returns is let go

    assert made.people == before.people[1:]
    assert made.requests == tuple(r for r in before.requests if r.person != gone)
    assert made.pairs == tuple(
        one for one in before.pairs if gone not in (one.first, one.second)
    )
    assert made.demands == before.demands
    assert said(before, lambda rows: rows["People"].pop(1))[0] == (  # type: ignore[arg-type, return-value]  # as above
        f"{before.people[0].name} ({gone}) leaves; assigned shifts that fall away: 3."
    )


def test_who_joins_is_bound_like_colleagues_of_the_contract() -> None:
    before = demo()

    def edit(rows: Rows) -> None:
        rows["People"].append(["P99", "Ida", "", "half", 0.5, "senior", "", ""])

    made = after(before, edit)

    new = made.people[-1]
    assert (new.id, new.name, new.fte) == ("P99", "Ida", 0.5)
    assert (new.contracts, new.rules) == (("half",), ())  # no hours besides its shifts
    assert new.skills == (HeldSkill(skill="senior"),)
    assert made.people[:-1] == before.people
    assert made.contracts == before.contracts
    assert said(before, edit) == ["Ida (P99) joins."]


def test_who_changes_to_another_contract_has_its_rules_and_keeps_their_own() -> None:
    own = Pattern(name="own", days=(frozenset({"N"}), frozenset({"E"})), weight=7)
    before = example()
    first = replace(before.people[0], rules=(*before.people[0].rules, own))
    before = replace(before, people=(first, *before.people[1:]))
    other = next(one for one in before.people if one.contracts != first.contracts)

    def edit(rows: Rows) -> None:
        row = row_of(rows, "People", first.id)
        row[CONTRACT], row[SHARE] = other.contracts[0], other.fte

    made = after(before, edit)

    hours = next(one for one in other.rules if one.name == CONTRACT_HOURS)
    assert isinstance(hours, Count)
    assert made.people[0].contracts == other.contracts
    assert made.people[0].rules == (own, replace(hours, before=0))
    assert made.people[1:] == before.people[1:]


def test_another_term_of_a_contract_leaves_its_other_rules() -> None:
    before = demo()
    full = before.contract_by_id["full"]

    def edit(rows: Rows) -> None:
        row_of(rows, "Contracts", "full")[3] = 4

    made = after(before, edit)

    kept = [r for r in full.rules if not (isinstance(r, Run) and r.of == "work")]
    changed_rules = made.contract_by_id["full"].rules
    assert [one for one in changed_rules if one in full.rules] == kept
    (new,) = (one for one in changed_rules if one not in full.rules)
    assert isinstance(new, Run)
    assert (new.of, new.at_most) == ("work", 4)
    assert made.contract_by_id["half"] == before.contract_by_id["half"]
    assert [one.contracts for one in made.people] == [
        one.contracts for one in before.people
    ]
    assert said(before, edit) == ["Contract full: Days in a row / 连续工作天数 5 → 4."]


def test_a_contract_of_another_name_keeps_what_no_column_tells() -> None:
    before = small_ward()

    def edit(rows: Rows) -> None:
        row_of(rows, "Contracts", "all")[0] = "everybody"
        for row in rows["People"][1:]:
            row[CONTRACT] = "everybody"

    made = after(before, edit)

    (contract,) = made.contracts
    assert contract.id == "everybody"
    assert {one.contracts for one in made.people} == {("everybody",)}
    assert [rule for rule in contract.rules if isinstance(rule, Pattern)] == [
        rule for rule in before.contracts[0].rules if isinstance(rule, Pattern)
    ]
    (run,) = (rule for rule in contract.rules if isinstance(rule, Run))
    assert (run.of, run.at_most) == ("work", 5)


def test_another_share_of_one_person_asks_other_hours_of_them_alone() -> None:
    before = demo()
    one = next(person for person in before.people if person.contracts == ("full",))

    def edit(rows: Rows) -> None:
        row_of(rows, "People", one.id)[SHARE] = 0.8

    made = after(before, edit)

    place = made.person_index[one.id]
    now = made.people[place]
    assert now.fte == 0.8
    assert [rule.name for rule in now.rules] == [CONTRACT_HOURS]
    (name,) = now.contracts
    names = [rule.name for rule in made.contract_by_id[name].rules]
    assert name == "full 2"
    assert "shifts of the period" not in names
    assert "days worked in a row" in names
    others = [person for person in made.people if person.id != one.id]
    assert others == [person for person in before.people if person.id != one.id]
    assert made.contract_by_id["full"] == before.contract_by_id["full"]


def test_a_licence_leave_and_barred_shifts_follow_the_table() -> None:
    before = example()
    one = before.people[0]

    def edit(rows: Rows) -> None:
        row = row_of(rows, "People", one.id)
        row[SKILLS], row[NEVER] = "senior (2026-06-10)", "N"
        rows["Leave"].append([one.id, "2026-06-01", "2026-06-02"])

    now = after(before, edit).people[0]

    assert HeldSkill(skill="senior", until=9) in now.skills
    assert now.barred == {"N"}
    assert now.leave == one.leave | {0, 1}
    told = said(before, edit)
    assert f"{one.name}: on leave, too, on 2026-06-01, 2026-06-02." in told
    assert any("senior (2026-06-10)" in line for line in told)


def test_a_need_keeps_its_costs_and_has_no_most_where_it_had_none() -> None:
    before = small_ward()

    def edit(rows: Rows) -> None:
        row_of(rows, "Demand", "")[5] = 2

    made = after(before, edit)

    for was, now in zip(before.demands, made.demands, strict=True):
        is_changed = now.shifts == {"D"}
        assert now == (replace(was, at_least=2) if is_changed else was)
    assert said(before, edit) == ["Needed for D: 1 → 2; days: 7, from 2026-06-01 on."]


def test_what_no_column_tells_is_kept() -> None:
    before = small_ward()
    odd = Request(
        person="P1", day=2, shifts=frozenset({"D"}), is_on=True, weight=3, name="odd"
    )
    first = replace(
        before.people[0], pinned=((1, "D"),), history=("N", ""), barred=frozenset({"N"})
    )
    before = replace(before, people=(first, *before.people[1:]), requests=(odd,))

    def edit(rows: Rows) -> None:
        row_of(rows, "People", "P0")[NAME] = "Renamed"
        rows["Requests"][1][5] = 9

    made = after(before, edit)

    assert made.people[0] == replace(first, name="Renamed")
    assert made.requests == (replace(odd, weight=9),)
    assert made.contracts == before.contracts


def test_requests_that_are_decided_elsewhere_stay() -> None:
    before = small_ward()
    asked = Request(
        person="P1", day=2, shifts=before.all_shifts, is_on=False, weight=3, name="own"
    )
    before = replace(before, requests=(asked,))
    told = read(before).instance
    sent = read(before, lambda rows: rows["Requests"].pop()).instance  # type: ignore[arg-type, return-value]  # what pop returns is let go
    assert told is not None
    assert sent is not None

    assert changed(before, told, sent, decided={("P1", 2)}) is before
    assert changed(before, told, sent).requests == ()


def test_a_shift_that_goes_takes_fixed_cells_and_past_of_it_along() -> None:
    before = small_ward()
    first = replace(before.people[0], pinned=((1, "D"), (2, "")), history=("D", ""))
    people = tuple(replace(one, contracts=()) for one in (first, *before.people[1:]))
    before = replace(before, people=people, contracts=())

    def edit(rows: Rows) -> None:
        rows["Shifts"] = [row for row in rows["Shifts"] if row[0] != "D"]
        rows["Demand"] = [row for row in rows["Demand"] if row[2] != "D"]

    made = after(before, edit)

    assert [one.id for one in made.shift_types] == ["N"]
    assert made.people[0].pinned == ((2, ""),)
    assert made.people[0].history == ("",)
    assert {one.shifts for one in made.demands} == {frozenset({"N"})}
    assert said(before, edit)[0].startswith("The shift D goes;")
