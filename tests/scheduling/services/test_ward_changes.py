"""A roster's people, contracts and needs change to what tables of its ward say."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.importing.values import Value
from scheduling.models import (
    Assignment,
    CellLock,
    Leave,
    LeaveState,
    RequestState,
    Roster,
    RosterImport,
    ShiftRequest,
    Stale,
    Swap,
    SwapState,
)
from scheduling.problems import cells_of, instance_of, judged
from scheduling.services.cells import CellChange, change_cells
from scheduling.services.editing import StaleRoster
from scheduling.services.laws import choose_law
from scheduling.services.leave import enter_leave
from scheduling.services.requests import decide_requests
from scheduling.services.rosters import close_roster
from scheduling.services.runs import Found, apply_run, keep_run
from scheduling.services.ward_changes import take_import
from scheduling.services.ward_readings import keep_change
from scheduling.solver.laws import law_in
from tests.rows import make_department, make_person
from tests.scheduling.importing.csvs import as_files, own_tables
from tests.scheduling.wards import (
    DAY,
    MONDAY,
    NIGHT,
    assign,
    make_roster,
    make_run,
    publish,
)

pytestmark = pytest.mark.django_db
Rows = dict[str, list[list[Value]]]
NEW = ["P9", "Ida", "", "all", 1.0, "", "", ""]


@pytest.fixture
def roster(department: Department, manager: User) -> Roster:
    """Return a draft in which P0 and P1 work, and a cell of each is locked."""
    made = make_roster(department, author=manager)
    assign(made, {("P0", 0): DAY, ("P0", 1): DAY, ("P1", 0): NIGHT})
    change_cells(
        roster=made,
        author=manager,
        changes=[
            CellChange(person=person, day=0, shift=None, is_locked=True)
            for person in ("P0", "P1")
        ],
        expected_version=None,
    )
    return newest(made)


def newest(roster: Roster) -> Roster:
    return Roster.objects.get(pk=roster.pk)


def sent(roster: Roster, author: User, edit: Callable[[Rows], object]) -> RosterImport:
    tables = own_tables(roster)
    edit(tables)
    return keep_change(roster=roster, author=author, files=as_files(tables))


def leave_and_join(tables: Rows) -> None:
    tables["People"] = [row for row in tables["People"] if row[0] != "P0"] + [NEW]


def told(kept: RosterImport) -> list[str]:
    return [one["template"] % one["values"] for one in kept.changes["told"]]


def codes(kept: RosterImport) -> list[str]:
    return [one["code"] for one in kept.flaws if one["is_error"]]


def test_unchanged_tables_change_nothing_and_make_no_version(
    roster: Roster, manager: User
) -> None:
    choose_law(
        roster=roster, author=manager, profile="eu-2003-88-ec", expected_version=None
    )
    before = newest(roster)

    kept = sent(before, manager, lambda tables: None)
    take_import(imported=kept, author=manager)

    after = newest(roster)
    assert (kept.errors, told(kept)) == (0, [])
    assert (after.version, after.problem_version) == (
        before.version,
        before.problem_version,
    )
    assert instance_of(after) == instance_of(before)


def test_who_leaves_and_who_joins_are_told_and_then_done(
    roster: Roster, manager: User
) -> None:
    kept = sent(roster, manager, leave_and_join)

    assert told(kept) == [
        "Ida (P9) joins.",
        "Person 0 (P0) leaves; assigned shifts that fall away: 2.",
    ]
    assert newest(roster).version == roster.version  # nothing is changed yet
    take_import(imported=kept, author=manager)

    after = newest(roster)
    assert list(after.people.values_list("key", "name", "position")) == [
        ("P1", "Person 1", 0),
        ("P2", "Person 2", 1),
        ("P9", "Ida", 2),
    ]
    assert [one.id for one in instance_of(after).people] == ["P1", "P2", "P9"]
    assert cells_of(after) == {("P1", 0): NIGHT}
    assert list(CellLock.objects.values_list("person__key", "day")) == [("P1", 0)]
    assert after.version == roster.version + 1
    assert judged(after).verdict.objective == 10 * 13  # of 14 shifts one is worked


def test_asked_twice_it_is_done_once(roster: Roster, manager: User) -> None:
    kept = sent(roster, manager, leave_and_join)

    take_import(imported=kept, author=manager)
    take_import(imported=kept, author=manager)

    row = RosterImport.objects.get()
    assert newest(roster).version == roster.version + 1
    assert (row.roster, row.instance, row.changes) == (roster, None, {})
    assert Roster.objects.count() == 1


def test_a_roster_that_changed_meanwhile_stays_as_it_is(
    roster: Roster, manager: User
) -> None:
    kept = sent(roster, manager, leave_and_join)
    now = assign(roster, {("P2", 3): DAY})

    with pytest.raises(StaleRoster) as refused:
        take_import(imported=kept, author=manager)

    after = newest(roster)
    assert refused.value.version == after.version == now.version
    assert after.people.filter(key="P0").exists()
    assert RosterImport.objects.get().roster is None


def test_a_law_binds_who_is_new_and_is_kept_for_the_others(
    roster: Roster, manager: User
) -> None:
    choose_law(
        roster=roster, author=manager, profile="eu-2003-88-ec", expected_version=None
    )
    before = instance_of(newest(roster))

    take_import(imported=sent(newest(roster), manager, leave_and_join), author=manager)

    after = instance_of(newest(roster))
    assert law_in(after) == "eu-2003-88-ec"
    assert after.people[:2] == before.people[1:]
    assert [one.partition(":P")[0] for one in after.people[2].contracts] == [
        one.partition(":P")[0] for one in after.people[0].contracts
    ]


def test_one_sheet_alone_leaves_the_others_as_they_are(
    roster: Roster, manager: User
) -> None:
    def only_people(tables: Rows) -> None:
        leave_and_join(tables)
        for sheet in [one for one in tables if one != "People"]:
            del tables[sheet]

    take_import(imported=sent(roster, manager, only_people), author=manager)

    after, before = instance_of(newest(roster)), instance_of(roster)
    assert after.demands == before.demands
    assert after.shift_types == before.shift_types
    assert after.contracts == before.contracts


def test_rules_that_the_cells_would_break_are_told(
    roster: Roster, manager: User
) -> None:
    def bar(tables: Rows) -> None:
        tables["People"][1][7] = DAY

    kept = sent(roster, manager, bar)

    assert (kept.changes["broken_before"], kept.changes["broken_after"]) == (0, 2)
    assert len(kept.changes["broken"]) == 2
    take_import(imported=kept, author=manager)
    assert len(judged(newest(roster)).verdict.hard) == 2
    assert cells_of(roster)["P0", 0] == DAY  # kept, and told as broken


def test_requests_of_the_staff_stay_and_are_no_difference(
    roster: Roster, manager: User
) -> None:
    person = roster.people.get(key="P1")
    asked = ShiftRequest.objects.create(
        person=person, day=3, date=MONDAY + timedelta(days=3), wish="off", points=2
    )
    decide_requests(
        roster=roster, author=manager, requests=[asked.pk], is_accepted=True
    )
    before = newest(roster)

    def edit(tables: Rows) -> None:
        assert len(tables["Requests"].pop()) == 6
        tables["People"][1][1] = "Renamed"

    kept = sent(before, manager, edit)
    take_import(imported=kept, author=manager)

    assert told(kept) == ["P0: name Person 0 → Renamed."]
    assert instance_of(newest(roster)).requests == instance_of(before).requests
    assert roster.people.get(key="P0").name == "Renamed"


def test_errors_are_told_and_change_nothing(roster: Roster, manager: User) -> None:
    def wrong(tables: Rows) -> None:
        tables["People"][1][3] = "nobody's"
        tables["Leave"].append(["X1", "2026-06-01", ""])

    kept = sent(roster, manager, wrong)

    assert codes(kept) == ["unknown_contract", "unknown_person"]
    with pytest.raises(Conflict) as refused:
        take_import(imported=kept, author=manager)
    assert refused.value.code == "import_has_errors"
    assert newest(roster).version == roster.version


def test_rows_about_who_left_are_left_out_with_a_remark(
    roster: Roster, manager: User
) -> None:
    def edit(tables: Rows) -> None:
        leave_and_join(tables)
        tables["Leave"].append(["P0", "2026-06-01", ""])
        tables["Pairs"].append(["P0", "P1", "apart", ""])

    kept = sent(roster, manager, edit)

    assert kept.errors == 0
    assert [one["code"] for one in kept.flaws].count("person_left") == 2


def test_accounts_are_tied_changed_and_untied(
    roster: Roster, manager: User, department: Department
) -> None:
    first, second = (make_person(Role.NURSE, department) for _ in range(2))
    roster.people.filter(key="P0").update(user=first)
    roster.people.filter(key="P1").update(user=second)

    def exchange(tables: Rows) -> None:
        tables["People"][1][2] = second.username
        tables["People"][2][2] = first.username

    def untie(tables: Rows) -> None:
        tables["People"][1][2] = ""

    take_import(imported=sent(roster, manager, exchange), author=manager)
    tied = dict(roster.people.values_list("key", "user"))
    take_import(imported=sent(newest(roster), manager, untie), author=manager)

    assert tied == {"P0": second.pk, "P1": first.pk, "P2": None}
    assert dict(roster.people.values_list("key", "user")) == {**tied, "P0": None}


def test_approved_leave_of_who_joins_enters_the_draft_and_table_leave_is_its_own(
    roster: Roster, manager: User, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    Leave.objects.create(
        user=nurse,
        department=department,
        first=MONDAY,
        last=MONDAY + timedelta(days=1),
        state=LeaveState.APPROVED,
    )

    def join(tables: Rows) -> None:
        tables["People"].append([*NEW[:2], nurse.username, *NEW[3:]])
        tables["Leave"].append(["P1", "2026-06-05", ""])

    take_import(imported=sent(roster, manager, join), author=manager)

    after = instance_of(newest(roster))
    assert after.people[-1].leave == {0, 1}
    assert roster.people.get(key="P9").first_leave == []
    assert roster.people.get(key="P1").first_leave == [4]


def test_a_shift_that_goes_frees_its_cells_and_their_locks(
    roster: Roster, manager: User
) -> None:
    def edit(tables: Rows) -> None:
        for sheet, column in (("Shifts", 0), ("Demand", 2)):
            tables[sheet] = [row for row in tables[sheet] if row[column] != DAY]

    kept = sent(roster, manager, edit)

    assert codes(kept) == ["no_problem"]  # a pattern of the contract names it
    assert newest(roster).version == roster.version


def test_who_was_published_stays(roster: Roster, manager: User) -> None:
    publish(roster)

    def edit(tables: Rows) -> None:
        leave_and_join(tables)
        tables["People"] = [row for row in tables["People"] if row[0] != "P2"]

    kept = sent(newest(roster), manager, edit)

    assert [
        (one["code"], one["what"]["values"]["value"])
        for one in kept.flaws
        if one["is_error"]
    ] == [("person_told", "Person 0 (P0)")]  # P2 works nowhere, and may go


def test_a_published_roster_changes_its_working_copy_alone(
    roster: Roster, manager: User
) -> None:
    publish(roster)
    was = newest(roster)

    def edit(tables: Rows) -> None:
        tables["People"] = [row for row in tables["People"] if row[0] != "P2"] + [NEW]

    take_import(imported=sent(was, manager, edit), author=manager)

    after = newest(roster)
    assert after.current == was.current
    assert after.version == was.version + 1
    assert [one.id for one in instance_of(after).people] == ["P0", "P1", "P9"]


def test_a_closed_roster_takes_nothing(roster: Roster, manager: User) -> None:
    kept = sent(roster, manager, leave_and_join)
    publish(roster)
    close_roster(roster=roster, author=manager)

    with pytest.raises(Conflict) as sending:
        sent(newest(roster), manager, leave_and_join)
    with pytest.raises(Conflict) as taking:
        take_import(imported=kept, author=manager)

    assert sending.value.code == taking.value.code == "roster_locked"
    assert RosterImport.objects.count() == 1
    assert roster.people.filter(key="P0").exists()


@pytest.mark.parametrize("role", [Role.NURSE, Role.MANAGER])
def test_others_neither_send_nor_change(
    role: Role, roster: Roster, manager: User, department: Department
) -> None:
    kept = sent(roster, manager, leave_and_join)
    home = department if role == Role.NURSE else make_department()
    other = make_person(role, home)

    with pytest.raises(NotPermitted):
        sent(roster, other, leave_and_join)
    with pytest.raises(NotPermitted):
        take_import(imported=kept, author=other)

    assert RosterImport.objects.count() == 1
    assert newest(roster).version == roster.version


def join(tables: Rows) -> None:
    tables["People"].append(NEW)


@pytest.mark.parametrize(("edit", "left"), [(leave_and_join, 1), (join, 3)])
def test_a_search_made_for_others_is_not_taken_over(
    edit: Callable[[Rows], object], left: int, roster: Roster, manager: User
) -> None:
    run = make_run(roster)
    cells = {person: [DAY, *[""] * 6] for person in ("P0", "P1", "P2")}
    found = Found("feasible", 1, 1.0, 0.0, 1.0, 1.0, [], cells, {}, 0)
    run = keep_run(run_id=run.pk, found=found)
    take_import(imported=sent(roster, manager, edit), author=manager)

    with pytest.raises(Conflict) as refused:
        apply_run(run=run, author=manager)

    assert refused.value.code == "run_of_others"
    assert Assignment.objects.count() == left


def test_the_times_of_a_published_shift_stay(roster: Roster, manager: User) -> None:
    def later(tables: Rows) -> None:
        row = next(row for row in tables["Shifts"] if row[0] == DAY)
        assert row[2:4] == ["07:00", "15:00"]
        row[2:4] = ["08:00", "16:00"]

    draft = sent(roster, manager, later)
    publish(roster)
    published = sent(newest(roster), manager, later)

    assert codes(draft) == []
    assert codes(published) == ["shift_times_told"]


def ask(roster: Roster, person: str, day: int, shift: str = "") -> ShiftRequest:
    return ShiftRequest.objects.create(
        person=roster.people.get(key=person),
        day=day,
        date=MONDAY + timedelta(days=day),
        wish="on" if shift else "off",
        shift=shift,
        points=1,
    )


def test_a_day_off_that_was_accepted_is_off_from_new_shifts_too(
    roster: Roster, manager: User
) -> None:
    asked = ask(roster, "P1", 3)
    decide_requests(
        roster=roster, author=manager, requests=[asked.pk], is_accepted=True
    )

    def add(tables: Rows) -> None:
        row = next(row for row in tables["Shifts"] if row[0] == DAY)
        tables["Shifts"].append(["M", *row[1:]])

    take_import(imported=sent(newest(roster), manager, add), author=manager)

    (wish,) = instance_of(newest(roster)).requests
    assert wish.shifts == {DAY, NIGHT, "M"}


def test_requests_for_a_shift_that_goes_are_declined_and_stay_so(
    department: Department, manager: User
) -> None:
    roster = make_roster(department, author=manager)
    plain = instance_of(roster)

    def add(tables: Rows) -> None:
        row = next(row for row in tables["Shifts"] if row[0] == DAY)
        tables["Shifts"].append(["M", *row[1:]])

    def remove(tables: Rows) -> None:
        for sheet in ("Shifts", "Requests"):
            tables[sheet] = [row for row in tables[sheet] if "M" not in row]

    take_import(imported=sent(roster, manager, add), author=manager)
    off, accepted, waiting = (
        ask(roster, "P0", 1),
        ask(roster, "P1", 2, "M"),
        ask(roster, "P2", 3, "M"),
    )
    decide_requests(
        roster=roster,
        author=manager,
        requests=[off.pk, accepted.pk],
        is_accepted=True,
    )

    kept = sent(newest(roster), manager, remove)
    take_import(imported=kept, author=manager)

    after = instance_of(newest(roster))
    assert told(kept) == [
        "The shift M goes; assigned shifts that fall away: 0.",
        "Requests of the staff for M are declined: 2.",
    ]
    assert after.shift_types == plain.shift_types
    assert [(one.person, one.shifts) for one in after.requests] == [
        ("P0", {DAY, NIGHT})
    ]
    with pytest.raises(InvalidInput, match="no shift M"):
        decide_requests(
            roster=roster, author=manager, requests=[waiting.pk], is_accepted=True
        )
    assert set(
        ShiftRequest.objects.filter(shift="M").values_list("state", flat=True)
    ) == {RequestState.DECLINED}


def test_leave_of_after_the_publication_is_no_gain_of_a_change(
    roster: Roster, manager: User, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    roster.people.filter(key="P0").update(user=nurse)
    publish(roster)
    Leave.objects.create(
        user=nurse,
        department=department,
        first=MONDAY,
        last=MONDAY,
        state=LeaveState.APPROVED,
    )

    def rename(tables: Rows) -> None:
        tables["People"][1][1] = "Renamed"

    kept = sent(newest(roster), manager, rename)

    assert (kept.changes["broken_before"], kept.changes["broken_after"]) == (1, 1)
    assert kept.changes["cost_before"] == kept.changes["cost_after"]


def test_leave_and_swaps_go_with_an_account_that_tables_change(
    roster: Roster, manager: User, department: Department
) -> None:
    first, second = (make_person(Role.NURSE, department) for _ in range(2))
    roster.people.filter(key="P0").update(user=first)
    roster.people.filter(key="P1").update(user=second)
    Leave.objects.create(
        user=first,
        department=department,
        first=MONDAY + timedelta(days=4),
        last=MONDAY + timedelta(days=5),
        state=LeaveState.APPROVED,
    )
    enter_leave(newest(roster))
    swap = Swap.objects.create(
        roster=roster,
        giver=roster.people.get(key="P0"),
        taker=roster.people.get(key="P1"),
        day=0,
        shift=DAY,
        cost_change=0,
    )

    def untie(tables: Rows) -> None:
        tables["People"][1][2] = ""

    take_import(imported=sent(newest(roster), manager, untie), author=manager)

    swap.refresh_from_db()
    assert instance_of(newest(roster)).people[0].leave == frozenset()
    assert (swap.state, swap.reason) == (SwapState.CLOSED, Stale.LEFT)


def test_a_name_that_another_program_broke_is_taken_with_question_marks(
    roster: Roster, manager: User
) -> None:
    def rename(tables: Rows) -> None:
        tables["People"][1][1] = "M\ufffdller"

    take_import(imported=sent(roster, manager, rename), author=manager)

    assert newest(roster).people.get(key="P0").name == "M?ller"
