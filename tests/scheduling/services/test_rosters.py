"""A roster is made from a problem, whole or not at all."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from hospital.accounts.models import Role
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from scheduling.limits import LARGEST_TEXT
from scheduling.models import Roster, RosterPerson
from scheduling.problems import instance_of
from scheduling.services.rosters import (
    Problem,
    UnreadableProblem,
    create_roster,
    read_problem,
    tie_account,
)
from scheduling.solver.formats import to_json
from tests.rows import make_department, make_person
from tests.scheduling.wards import make_roster, ward

pytestmark = pytest.mark.django_db
CURTOIS = """SECTION_HORIZON
7

SECTION_SHIFTS
D,480,

SECTION_STAFF
A,D=5,2400,1,5,1,1,2

SECTION_DAYS_OFF
A,0

SECTION_SHIFT_ON_REQUESTS

SECTION_SHIFT_OFF_REQUESTS

SECTION_COVER
""" + "".join(f"{day},D,1,100,1\n" for day in range(7))


def test_a_problem_comes_back_as_it_went_in() -> None:
    roster = make_roster(make_department())

    assert instance_of(roster) == ward()
    assert (roster.days, roster.timezone, roster.version) == (7, "Europe/Berlin", 1)
    people = roster.people.values_list("key", "name", "position")
    assert list(people) == [
        ("P0", "Person 0", 0),
        ("P1", "Person 1", 1),
        ("P2", "Person 2", 2),
    ]


def test_a_text_is_read_in_its_format() -> None:
    department = make_department()

    roster = create_roster(
        author=make_person(Role.MANAGER, department),
        department=department,
        name="One",
        problem=Problem("curtois", text=CURTOIS),
    )

    assert (roster.days, roster.source_format) == (7, "curtois")
    assert [person.key for person in roster.people.all()] == ["A"]


def test_a_broken_text_names_its_line_and_leaves_nothing() -> None:
    department = make_department()
    text = CURTOIS.replace("A,0", "B,0")

    with pytest.raises(UnreadableProblem) as refused:
        create_roster(
            author=make_person(Role.MANAGER, department),
            department=department,
            name="One",
            problem=Problem("curtois", text=text),
        )

    assert refused.value.line == 11
    assert refused.value.code == "format_error"
    assert not Roster.objects.exists()


@pytest.mark.parametrize("role", [Role.NURSE, Role.CLINICIAN, Role.PATIENT])
def test_only_managers_make_rosters(role: Role) -> None:
    department = make_department()

    with pytest.raises(NotPermitted):
        make_roster(department, author=make_person(role, department))

    assert not Roster.objects.exists()


def test_a_manager_makes_none_for_another_department() -> None:
    with pytest.raises(NotPermitted):
        make_roster(
            make_department(), author=make_person(Role.MANAGER, make_department())
        )


def test_an_id_longer_than_a_row_is_refused() -> None:
    department = make_department()
    long = ward(people=1)
    object.__setattr__(long.people[0], "id", "x" * 101)

    with (
        override("zh-hans"),
        pytest.raises(UnreadableProblem, match="编号最多100个字符"),
    ):
        create_roster(
            author=make_person(Role.MANAGER, department),
            department=department,
            name="Long",
            problem=Problem("anji", data=to_json(long)),
        )


def test_a_shift_without_end_is_refused_in_the_readers_language() -> None:
    plain = ward()
    endless = replace(plain.shift_types[0], end_minute=1_000_000_000)
    data = to_json(replace(plain, shift_types=(endless, *plain.shift_types[1:])))

    with (
        override("zh-hans"),
        pytest.raises(UnreadableProblem, match="最迟应在开始后72小时结束"),
    ):
        read_problem(Problem("anji", data=data), name="Long")


def test_a_text_that_is_too_long_is_refused_in_the_readers_language() -> None:
    problem = Problem("curtois", text="x" * (LARGEST_TEXT + 1))

    with override("zh-hans"), pytest.raises(UnreadableProblem, match="最多读取"):
        read_problem(problem, name="Long")

    assert not RosterPerson.objects.exists()


def test_an_account_is_one_persons_of_a_roster() -> None:
    department = make_department()
    manager = make_person(Role.MANAGER, department)
    nurse = make_person(Role.NURSE, department)
    roster = make_roster(department, author=manager)

    tied = tie_account(roster=roster, author=manager, key="P1", user=nurse)
    with pytest.raises(Conflict):
        tie_account(roster=roster, author=manager, key="P2", user=nurse)

    assert tied.user == nurse
    assert list(roster.people.filter(user=nurse)) == [tied]


def test_an_account_from_elsewhere_or_of_a_patient_is_refused() -> None:
    department = make_department()
    manager = make_person(Role.MANAGER, department)
    roster = make_roster(department, author=manager)

    for user in (
        make_person(Role.NURSE, make_department()),
        make_person(Role.PATIENT, department),
    ):
        with pytest.raises(InvalidInput):
            tie_account(roster=roster, author=manager, key="P1", user=user)

    assert not roster.people.filter(user__isnull=False).exists()
