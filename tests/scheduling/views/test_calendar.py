"""What a secret calendar address brings, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hospital.accounts.models import Department, Role, User
from scheduling.services.feeds import open_feed
from scheduling.views.calendar import PAST_DAYS
from tests.rows import make_person
from tests.scheduling.wards import MONDAY, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(department: Department) -> User:
    nurse = make_person(Role.NURSE, department)
    make_published(department, user=nurse)
    return nurse


@pytest.mark.parametrize(("age_days", "events"), [(PAST_DAYS, 1), (PAST_DAYS + 1, 0)])
def test_what_is_long_past_is_left_out(
    age_days: int, events: int, nurse: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = MONDAY + timedelta(days=age_days)
    monkeypatch.setattr(timezone, "localdate", lambda: today)

    answer = Client().get(f"/calendar/{open_feed(user=nurse)}.ics")

    assert answer.content.decode().count("BEGIN:VEVENT") == events


@pytest.mark.parametrize("page", ["feed", "own"])
def test_no_shift_brings_the_problem_of_its_roster(
    page: str, nurse: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: MONDAY)
    browser = Client()
    browser.force_login(nurse)
    feed = f"/calendar/{open_feed(user=nurse)}.ics"
    address = {"feed": feed, "own": "/my-shifts/"}[page]

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)

    [asked] = [
        query["sql"]
        for query in queries
        if query["sql"].startswith('SELECT "scheduling_publishedshift"')
    ]
    assert answer.status_code == 200
    assert '"scheduling_roster"."timezone"' in asked
    assert '"scheduling_roster"."instance"' not in asked
