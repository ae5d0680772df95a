"""The page of the hospital's public holidays."""

from datetime import date

import pytest
from django.test import Client

from hospital.accounts.models import User
from scheduling.services.holidays import add_holiday

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "Thursday January 1"), ("zh-hans", "星期四 1月1日")],
)
def test_a_day_is_written_as_its_language_writes_it(
    client: Client, manager: User, language: str, written: str
) -> None:
    add_holiday(author=manager, on=date(2026, 1, 1), name="New Year")
    client.force_login(manager)
    client.cookies["django_language"] = language

    page = client.get("/rosters/holidays/?year=2026").content.decode()

    assert f'<span class="strong">{written}</span><bdi>New Year</bdi>' in page
