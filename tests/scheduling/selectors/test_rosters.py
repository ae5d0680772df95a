"""Who sees which rosters, and how much of them."""

import pytest

from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from scheduling.selectors.rosters import (
    assignments_visible_to,
    own_shifts_visible_to,
    publications_visible_to,
    published_shifts_visible_to,
    rosters_visible_to,
    runs_visible_to,
)
from tests.rows import make_department, make_person, make_principal
from tests.scheduling.wards import (
    DAY,
    NIGHT,
    assign,
    make_published,
    make_roster,
    make_run,
    publish,
)

pytestmark = pytest.mark.django_db
EDITORS = [Role.MANAGER, Role.INTEGRATOR]
READERS = [Role.NURSE, Role.CLINICIAN]


@pytest.mark.parametrize("role", EDITORS)
def test_who_makes_rosters_sees_every_roster_of_their_departments(role: Role) -> None:
    own, other = make_department(), make_department()
    draft, told = make_roster(own), make_published(own)
    make_published(other)

    visible = rosters_visible_to(make_principal(role, own))

    assert set(visible) == {draft, told}


@pytest.mark.parametrize("role", READERS)
def test_the_ward_sees_what_is_published(role: Role) -> None:
    own, other = make_department(), make_department()
    make_roster(own)
    told = make_published(own)
    make_published(other)

    assert list(rosters_visible_to(make_principal(role, own))) == [told]


def test_an_administrator_sees_all_and_a_patient_nothing() -> None:
    department = make_department()
    rosters = {make_roster(department), make_published(department)}

    administrator = make_principal(Role.ADMINISTRATOR)
    patient = make_principal(Role.PATIENT, department)

    assert set(rosters_visible_to(administrator)) == rosters
    assert not rosters_visible_to(patient).exists()
    assert not published_shifts_visible_to(patient).exists()
    assert not own_shifts_visible_to(patient).exists()


@pytest.mark.parametrize("role", READERS)
def test_the_working_copy_and_its_searches_are_the_editors_alone(role: Role) -> None:
    department = make_department()
    roster = make_published(department)
    run = make_run(roster)
    reader = make_principal(role, department)
    manager = make_principal(Role.MANAGER, department)

    assert not assignments_visible_to(reader).exists()
    assert not runs_visible_to(reader).exists()
    assert assignments_visible_to(manager).count() == 2
    assert list(runs_visible_to(manager)) == [run]
    assert not runs_visible_to(make_principal(Role.MANAGER, make_department())).exists()


def test_the_ward_sees_the_newest_publication_and_managers_every_one() -> None:
    department = make_department()
    roster = assign(make_published(department), {("P0", 0): NIGHT})
    nurse = make_principal(Role.NURSE, department)
    manager = make_principal(Role.MANAGER, department)

    before = {shift.shift for shift in published_shifts_visible_to(nurse)}
    publish(roster)

    after = published_shifts_visible_to(nurse)
    assert before == {DAY, NIGHT}
    assert [shift.shift for shift in after] == [NIGHT, NIGHT]
    assert [row.number for row in publications_visible_to(nurse)] == [2]
    assert [row.number for row in publications_visible_to(manager)] == [2, 1]


def test_ones_own_shifts_are_seen_in_whichever_ward_they_are_worked() -> None:
    nurse = make_person(Role.NURSE, make_department())
    make_published(make_department(), user=nurse)
    make_published(make_department())

    shifts = own_shifts_visible_to(principal_for(nurse))

    assert [(shift.day, shift.shift) for shift in shifts] == [(0, DAY)]
