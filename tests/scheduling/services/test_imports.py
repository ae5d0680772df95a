"""A ward that came in as tables becomes one roster, and then a next one."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from hospital.accounts.principal import principal_for
from hospital.core.errors import Conflict, NotPermitted
from scheduling.models import Leave, LeaveState, Roster, RosterImport
from scheduling.problems import instance_of
from scheduling.selectors.rosters import KEPT_FOR, roster_imports_visible_to
from scheduling.services.imports import (
    Choice,
    SentFile,
    create_imported,
    keep_import,
)
from scheduling.services.periods import PeriodThere, make_next_period
from tests.rows import make_department, make_person, make_principal
from tests.scheduling.importing.csvs import make_import
from tests.scheduling.wards import DAY, MONDAY, NIGHT, assign, make_roster, publish

pytestmark = pytest.mark.django_db


def codes(kept: RosterImport) -> list[str]:
    return [one["code"] for one in kept.flaws]


def test_a_ward_becomes_a_roster_with_its_accounts(
    manager: User, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    kept = make_import(manager, department, login=nurse.username.upper())

    roster = create_imported(imported=kept, author=manager)

    assert (kept.errors, kept.warnings) == (0, 2)  # shifts and contracts were assumed
    assert (roster.name, roster.start, roster.days) == ("June", MONDAY, 28)
    assert list(roster.people.values_list("key", "user")) == [
        ("A1", nurse.pk),
        ("A2", None),
    ]


def test_what_was_published_for_the_days_before_is_the_history(
    manager: User, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    for start, cells in (
        (
            MONDAY - timedelta(days=7),
            {("P0", 1): DAY, ("P0", 5): NIGHT, ("P0", 6): NIGHT},
        ),
        (MONDAY - timedelta(days=2), {("P0", 1): NIGHT}),  # the later one counts
    ):
        roster = make_roster(department, author=manager, start=start)
        roster.people.filter(key="P0").update(user=nurse)
        publish(assign(roster, cells))
    make_roster(department, author=manager, start=MONDAY - timedelta(days=1))  # a draft
    shifts = f"Shift,Name,From,To\n{NIGHT},Night,22:00,07:00\nearly,Early,07:00,15:00\n"
    demand = f"Weekday,Shift,Least,Most\nevery day,{NIGHT},1,1\nevery day,early,1,\n"

    kept = make_import(
        manager, department, login=nurse.username, shifts=shifts, demand=demand
    )
    roster = create_imported(imported=kept, author=manager)

    ann, bob = instance_of(roster).people
    assert ann.history == ("", "", "", "", NIGHT)  # D of before is not there any more
    assert bob.history == ()


def test_asked_twice_there_is_one_roster_and_nothing_else_kept(
    manager: User, department: Department
) -> None:
    kept = make_import(manager, department)

    first = create_imported(imported=kept, author=manager)
    second = create_imported(imported=kept, author=make_person(Role.ADMINISTRATOR))

    row = RosterImport.objects.get()
    assert first == second == Roster.objects.get()
    assert (row.instance, row.ward, row.accounts, row.flaws) == (None, {}, {}, [])


def test_an_import_with_errors_makes_nothing(
    manager: User, department: Department
) -> None:
    kept = make_import(manager, department, leave="Staff number,From\nA9,2026-06-01\n")

    with pytest.raises(Conflict) as refused:
        create_imported(imported=kept, author=manager)

    assert refused.value.code == "import_has_errors"
    assert "unknown_person" in codes(kept)
    assert not Roster.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("ward.xls", b"\xd0\xcf\x11\xe0", "no_workbook"),
        ("ward.xlsx", b"no archive", "no_workbook"),
        ("ward.xlsx", b"PK\x03\x04 cut off", "no_workbook"),
        ("photo.png", b"\x89PNG", "no_table_file"),
        ("people.csv", b"x", "sheet_missing"),
    ],
)
def test_a_file_that_holds_no_ward_is_told(
    name: str, content: bytes, code: str, manager: User, department: Department
) -> None:
    kept = keep_import(
        author=manager,
        choice=Choice(department=department, name="June", start=MONDAY, days=28),
        files=[SentFile(name, content)],
    )

    assert codes(kept)[0] == code
    assert kept.instance is None


@pytest.mark.parametrize("email", ["", "shared@ward.example"])
def test_an_account_from_elsewhere_or_of_several_is_told_and_not_tied(
    email: str, manager: User, department: Department
) -> None:
    stranger = make_person(Role.NURSE, make_department())
    for _person in range(2):
        colleague = make_person(Role.NURSE, department)
        User.objects.filter(pk=colleague.pk).update(email=email)

    kept = make_import(manager, department, login=email or stranger.username)

    roster = create_imported(imported=kept, author=manager)
    expected = "account_unclear" if email else "account_unknown"
    assert expected in codes(kept)
    assert not roster.people.filter(user__isnull=False).exists()


def test_who_left_the_department_meanwhile_is_not_tied(
    manager: User, department: Department
) -> None:
    nurse = make_person(Role.NURSE, department)
    kept = make_import(manager, department, login=nurse.username)
    nurse.memberships.all().delete()

    roster = create_imported(imported=kept, author=manager)

    assert not roster.people.filter(user__isnull=False).exists()


@pytest.mark.parametrize("role", [Role.NURSE, Role.MANAGER])
def test_others_neither_send_nor_make(
    role: Role, manager: User, department: Department
) -> None:
    kept = make_import(manager, department)
    other = make_person(role, *([department] if role == Role.NURSE else []))

    with pytest.raises(NotPermitted):
        make_import(other, department)
    with pytest.raises(NotPermitted):
        create_imported(imported=kept, author=other)

    assert RosterImport.objects.count() == 1
    assert not Roster.objects.exists()


@pytest.mark.parametrize(
    ("role", "is_shown"),
    [(Role.MANAGER, True), (Role.INTEGRATOR, True), (Role.NURSE, False)],
)
def test_who_sees_what_was_read(
    *, role: Role, is_shown: bool, manager: User, department: Department
) -> None:
    kept = make_import(manager, department)
    elsewhere = make_principal(role, make_department())

    visible = roster_imports_visible_to(make_principal(role, department))

    assert list(visible) == ([kept] if is_shown else [])
    assert not roster_imports_visible_to(elsewhere).exists()


def test_what_became_no_roster_is_forgotten_after_a_day(
    manager: User, department: Department
) -> None:
    old = make_import(manager, department)
    long_ago = timezone.now() - KEPT_FOR - timedelta(minutes=1)
    RosterImport.objects.filter(pk=old.pk).update(created=long_ago)

    assert not roster_imports_visible_to(principal_for(manager)).exists()
    new = make_import(manager, department)

    assert list(RosterImport.objects.all()) == [new]


def test_the_next_period_takes_the_published_shifts_and_accounts_along(
    department: Department,
) -> None:
    nurse = make_person(Role.NURSE, department)
    roster = make_roster(department)
    roster.people.filter(key="P0").update(user=nurse)
    assign(roster, {("P0", 6): NIGHT})
    publish(roster)
    assign(roster, {("P1", 6): NIGHT})  # nobody was told of it
    assert roster.created_by is not None
    Leave.objects.create(
        user=nurse,
        department=department,
        first=date(2026, 6, 9),
        last=date(2026, 6, 10),
        state=LeaveState.APPROVED,
    )

    made = make_next_period(
        roster=roster, author=roster.created_by, name="Then", days=7
    )

    instance = instance_of(Roster.objects.get(pk=made.pk))
    assert made.start == date(2026, 6, 8)
    assert [one.history[-1] for one in instance.people] == [NIGHT, "", ""]
    assert made.people.get(key="P0").user == nurse
    assert instance.people[0].leave == {1, 2}
    assert len(instance.demands) == 14


def test_a_next_period_is_made_once(department: Department) -> None:
    roster = make_roster(department)
    assert roster.created_by is not None
    made = make_next_period(roster=roster, author=roster.created_by, name="T", days=7)

    with pytest.raises(PeriodThere) as refused:
        make_next_period(roster=roster, author=roster.created_by, name="T", days=7)

    assert refused.value.roster == made
    assert Roster.objects.count() == 2


def test_managers_of_other_wards_make_no_next_period(department: Department) -> None:
    roster = make_roster(department)
    other = make_person(Role.MANAGER, make_department())

    with pytest.raises(NotPermitted):
        make_next_period(roster=roster, author=other, name="T", days=7)

    assert Roster.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_create_at_once_both_get_the_same_roster(
    manager: User, department: Department
) -> None:
    kept = make_import(manager, department)
    made: list[Roster] = []
    start = threading.Barrier(2)

    def attempt() -> None:
        start.wait()
        try:
            made.append(create_imported(imported=kept, author=manager))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [Roster.objects.get()] * 2
