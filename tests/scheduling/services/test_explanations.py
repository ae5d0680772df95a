"""An explanation is asked, kept, and mended by a change of the problem."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import InvalidInput
from hospital.core.registry import registry
from scheduling.ledger import aimed, past_burdens
from scheduling.models import (
    CellLock,
    Explanation,
    Leave,
    LeaveState,
    PublishedShift,
    Roster,
)
from scheduling.problems import instance_of
from scheduling.services.aims import Aim, set_aims
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.explanations import (
    apply_repair,
    ask_explanation,
    end_explanation,
)
from scheduling.services.laws import choose_law
from scheduling.services.rosters import Problem, create_roster
from scheduling.solver.formats import to_json
from scheduling.solver.rules import Demand
from tests.rows import make_person
from tests.scheduling.wards import DAY, MONDAY, NIGHT, make_published, ward

pytestmark = pytest.mark.django_db
TOLD = {"template": "x", "values": {}}


def closed_day(department: Department, manager: User) -> Roster:
    """Return a roster whose Wednesday needs somebody while everybody is on leave."""
    plain = ward(people=2)
    people = tuple(replace(one, leave=frozenset({2})) for one in plain.people)
    demand = Demand(day=2, shifts=frozenset({DAY}), at_least=1)
    closed = replace(plain, people=people, demands=(demand,))
    return create_roster(
        author=manager,
        department=department,
        name="Closed",
        problem=Problem("anji", data=to_json(closed)),
    )


def explained(roster: Roster, manager: User, change: dict[str, object]) -> Explanation:
    asked = ask_explanation(roster=roster, author=manager)
    told = {"before": 0, "after": 0, "shifts": [], "message": TOLD, **change}
    return end_explanation(
        explanation_id=asked.pk,
        problem_version=roster.problem_version,
        answer={
            "status": "infeasible",
            "findings": [],
            "conflicts": [],
            "repairs": [{"cost": 1, "changes": [told]}],
        },
    )


def test_an_explanation_never_waits_behind_a_search(
    department: Department, manager: User
) -> None:
    roster = closed_day(department, manager)

    asked = ask_explanation(roster=roster, author=manager)

    assert asked.job is not None
    assert asked.job.queue != registry.job_kinds["rosters.solve"].queue


def test_a_fixed_day_that_is_undone_is_no_longer_locked(
    department: Department, manager: User
) -> None:
    roster = closed_day(department, manager)
    lock = CellChange("P0", 1, is_locked=True)
    changed = change_cells(
        roster=roster, author=manager, changes=[lock], expected_version=None
    )
    pinned = {"kind": "pinned", "person": "P0", "rule": "pinned", "days": [1]}
    found = explained(changed.roster, manager, pinned)

    row = apply_repair(
        explanation=found, author=manager, number=0, expected_version=None
    )

    assert not CellLock.objects.exists()
    assert row.version == changed.roster.version + 1


def test_a_law_is_not_bent(department: Department, manager: User) -> None:
    roster = closed_day(department, manager)
    under = choose_law(
        roster=roster, author=manager, profile="own-rules", expected_version=1
    )
    rule = {"kind": "exception", "person": "P0", "rule": "11 h between shifts"}
    found = explained(under, manager, {**rule, "days": [0, 1]})

    with pytest.raises(InvalidInput, match="cannot be changed here"):
        apply_repair(explanation=found, author=manager, number=0, expected_version=None)

    assert Roster.objects.get(pk=roster.pk).problem_version == under.problem_version


def test_leave_of_the_file_is_undone_but_approved_leave_is_not(
    department: Department, manager: User
) -> None:
    roster = closed_day(department, manager)
    nurse = make_person(Role.NURSE, department)
    roster.people.filter(key="P1").update(user=nurse)
    day = MONDAY + timedelta(days=2)
    Leave.objects.create(
        user=nurse,
        department=department,
        first=day,
        last=day,
        state=LeaveState.APPROVED,
    )
    leave = {"kind": "leave", "rule": "leave", "days": [2]}

    approved = explained(roster, manager, {**leave, "person": "P1"})
    with pytest.raises(InvalidInput, match="approved leave"):
        apply_repair(
            explanation=approved, author=manager, number=0, expected_version=None
        )
    on_file = explained(roster, manager, {**leave, "person": "P0"})
    row = apply_repair(
        explanation=on_file, author=manager, number=0, expected_version=None
    )

    people = instance_of(Roster.objects.get(pk=row.pk)).people
    assert [person.leave for person in people] == [frozenset(), {2}]


def test_a_rule_bent_for_one_stays_for_the_others(
    department: Department, manager: User
) -> None:
    roster = closed_day(department, manager)
    limit = {"kind": "above", "person": "P0", "rule": "in a row", "days": [0]}
    found = explained(roster, manager, {**limit, "before": 5, "after": 6})

    mended = apply_repair(
        explanation=found,
        author=manager,
        number=0,
        expected_version=roster.version,
    )

    mended = Roster.objects.get(pk=mended.pk)
    first, second = instance_of(mended).people
    assert [one.at_most for one in first.rules if one.name == "in a row"] == [6]
    assert (first.contracts, second.contracts, second.rules) == ((), ("all",), ())


def test_what_an_account_bore_before_counts_whatever_its_key_was(
    department: Department, manager: User
) -> None:
    nurse = make_person(Role.NURSE, department)
    make_published(department, user=nurse)  # P0 works a day, P1 a night
    later = ward(people=3)
    roster = create_roster(
        author=manager,
        department=department,
        name="July",
        problem=Problem(
            "anji", data=to_json(replace(later, start=MONDAY.replace(month=7)))
        ),
    )
    roster.people.filter(key="P2").update(user=nurse)

    burdens = past_burdens(roster, unpopular=[DAY])
    set_aims(roster=roster, author=manager, aim=Aim(fair_shares=True))
    problem = aimed(roster, instance_of(roster))

    bore = {(one.person, one.kind): one.count for one in burdens if one.count}
    assert PublishedShift.objects.count() == 2
    assert bore == {("P2", "unpopular"): 1, ("P1", "nights"): 1}
    limits = {
        person.id: [(r.at_least, r.at_most) for r in person.rules if "night" in r.name]  # type: ignore[union-attr]
        for person in problem.people
    }
    # 7 nights and the one of before over 1, 2 and 2 posts: 1.6 a post and period.
    assert limits == {"P0": [(1, 2)], "P1": [(2, 3)], "P2": [(3, 4)]}
    assert NIGHT in instance_of(roster).all_shifts
