"""The hospital brings in its own law profiles, and changes none that is there."""

import json
from typing import Any

import pghistory.models
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.test import Client
from django.utils.translation import override

from hospital.accounts.models import Role, User
from hospital.core.errors import InvalidInput, NotPermitted
from scheduling.models import HouseLaw, Roster
from scheduling.problems import instance_of
from scheduling.selectors.laws import (
    law_known,
    law_profiles_visible_to,
    offered_laws,
)
from scheduling.services.house_laws import enter_law, enter_law_file, withdraw_law
from scheduling.services.laws import choose_law
from scheduling.services.periods import make_next_period
from scheduling.solver.laws import law_in, law_profile, profile_document
from tests.rows import make_department, make_person, make_principal
from tests.scheduling.insights import make_law
from tests.scheduling.wards import make_roster

pytestmark = pytest.mark.django_db
NIGHTS = {
    "code": "nights",
    "title": "Night agreement",
    "title_zh": "夜班协议",
    "effective_from": "2026-01-01",
    "clauses": [
        {"kind": "longest_run", "name": "2 nights in a row", "of": "nights", "days": 2}
    ],
}


@pytest.fixture
def manager() -> User:
    return make_person(Role.MANAGER, make_department())


def offered() -> list[str]:
    return [one.id for one in offered_laws() if "." in one.id]


def test_what_differs_is_the_next_version_and_what_is_the_same_is_none(
    manager: User,
) -> None:
    first = enter_law(author=manager, document=NIGHTS)
    again = enter_law(author=manager, document=NIGHTS)
    longer = {**NIGHTS["clauses"][0], "days": 3}  # type: ignore[dict-item]  # JSON
    second = enter_law(author=manager, document={**NIGHTS, "clauses": [longer]})

    assert (first.key, again.pk, second.key) == ("nights.1", first.pk, "nights.2")
    assert offered() == ["nights.2"]
    [event] = pghistory.models.Events.objects.tracks(first)
    assert event.pgh_label == "insert"
    assert law_profiles_visible_to(make_principal(Role.MANAGER)).count() == 2
    assert not law_profiles_visible_to(make_principal(Role.NURSE)).exists()


def test_a_roster_keeps_the_version_that_it_was_made_under(manager: User) -> None:
    law = enter_law(author=manager, document=NIGHTS)
    roster = make_roster(manager.departments.get(), author=manager)
    choose_law(roster=roster, author=manager, profile=law.key, expected_version=None)

    enter_law(author=manager, document={**NIGHTS, "title": "Another"})
    withdraw_law(author=manager, law=law)
    made = make_next_period(roster=roster, author=manager, name="Next", days=7)

    for one in (roster, made):
        instance = instance_of(Roster.objects.get(pk=one.pk))
        rules = {rule.name for rule in instance.contract_by_id["law:nights.1"].rules}
        assert (law_in(instance), rules) == ("nights.1", {"2 nights in a row"})
    assert law_known("nights.1") is not None


def test_a_version_is_never_changed_nor_deleted() -> None:
    law = make_law()

    for change in (
        lambda: HouseLaw.objects.filter(pk=law.pk).update(clauses=[]),
        lambda: HouseLaw.objects.filter(pk=law.pk).delete(),
    ):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"code": "own-rules"}, "code", "comes with the product"),
        ({"code": "Ward 3"}, "code", "Use small letters"),
        ({"title": ""}, "title", "1 to 200 characters"),
        ({"clauses": [{"kind": "siesta"}]}, "clauses[0].kind", "'siesta' is not known"),
        ({"effective_until": "2025-01-01"}, "effective_until", "lies before the first"),
        ({"hours": 3}, "hours", "There is no such field"),
    ],
)
def test_a_wrong_profile_is_refused_by_its_field(
    manager: User, change: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        enter_law(author=manager, document={**NIGHTS, **change})

    assert list(refused.value.fields) == [field]
    assert message in refused.value.fields[field][0]
    assert not HouseLaw.objects.exists()


def test_a_nurse_and_a_file_that_is_none_are_refused(manager: User) -> None:
    with pytest.raises(NotPermitted):
        enter_law(author=make_person(Role.NURSE), document=NIGHTS)
    with pytest.raises(InvalidInput, match="no text"):
        enter_law_file(author=manager, content=b"\xff\xfe\x00")

    assert not HouseLaw.objects.exists()


def test_on_the_page_a_profile_is_downloaded_changed_and_sent_again(
    manager: User,
) -> None:
    browser = Client()
    browser.force_login(manager)
    address = "/rosters/law-profiles/"

    law = json.loads(browser.get(f"{address}own-rules.json").content)
    changed = json.dumps({**law, "id": "ours", "title_zh": "本院规则"}).encode()
    with override("en"):
        wrong = browser.post(address, {"file": SimpleUploadedFile("a.json", b"{}")})
    right = browser.post(address, {"file": SimpleUploadedFile("a.json", changed)})
    page = browser.get(address, headers={"accept-language": "zh-hans"}).content.decode()

    assert law == profile_document(law_profile("own-rules"))
    assert wrong.status_code == 422
    assert "id: This is missing." in wrong.content.decode()
    assert (right.status_code, offered()) == (302, ["ours.1"])
    assert "本院规则" in page
    downloaded = json.loads(browser.get(f"{address}ours.1.json").content)
    assert downloaded == json.loads(changed)
