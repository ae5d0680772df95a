from datetime import timedelta

import pytest
from django.utils import timezone

from hospital.accounts.models import Role
from hospital.knowledge.models import EntryState
from hospital.knowledge.selectors import (
    entries_visible_to,
    libraries_visible_to,
    passages_in_force,
    passages_visible_to,
)
from tests.hospital.knowledge.rows import make_entry, make_library, make_passage
from tests.rows import make_principal

pytestmark = pytest.mark.django_db


def test_strangers_and_patients_see_what_is_in_force_and_editors_all() -> None:
    today = timezone.localdate()
    shown = make_passage(make_entry(expires=today + timedelta(days=1)))
    hidden = [
        make_passage(make_entry(expires=today)),
        make_passage(make_entry(make_library(is_active=False))),
        *(
            make_passage(make_entry(state=state))
            for state in EntryState
            if state != "published"
        ),
    ]

    for principal in (
        None,
        *map(make_principal, (Role.PATIENT, Role.NURSE, Role.MANAGER, Role.INTEGRATOR)),
    ):
        assert set(passages_visible_to(principal)) == {shown}
        assert set(entries_visible_to(principal)) == {shown.entry}
    for role in (Role.CLINICIAN, Role.ADMINISTRATOR):
        assert set(passages_visible_to(make_principal(role))) == {shown, *hidden}
        assert entries_visible_to(make_principal(role)).count() == 1 + len(hidden)


def test_a_library_switched_off_is_its_editors_alone() -> None:
    on, off = make_library(), make_library(is_active=False)

    assert set(libraries_visible_to(None)) == {on}
    assert set(libraries_visible_to(make_principal(Role.CLINICIAN))) == {on, off}


def test_passages_are_found_in_the_libraries_that_are_asked_for() -> None:
    first, second = make_passage(), make_passage()

    assert list(passages_in_force([first.library.slug])) == [first]
    assert set(passages_in_force()) == {first, second}
