"""The page, the bell and REST: what is new, where it leads, how it is read."""

import pytest
from django.conf import LazySettings
from django.test import Client

from hospital.accounts.models import Role, User
from hospital.accounts.services.tokens import create_api_token
from hospital.notices.models import Notice
from hospital.notices.services import mark_read, notify
from tests.hospital.notices.conftest import KIND
from tests.rows import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(client: Client) -> User:
    """A nurse with two notices, of which the newer one is read."""
    nurse = make_person(Role.NURSE)
    client.force_login(nurse)
    notify([nurse], kind=KIND, values={"bed": 1}, link="/patients/")
    mark_read(notice=notify([nurse], kind=KIND, values={"bed": 2})[0])
    return nurse


def text(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_the_page_shows_what_is_unread_first_and_the_bell_its_count(
    client: Client, nurse: User
) -> None:
    page = text(client, "/notices/")

    assert page.index("Bed 1 is free.") < page.index("Bed 2 is free.")
    assert page.count("data-unread") == 1
    assert ", 1 unread" in text(client, "/notices/bell/")
    assert ", 1 unread" in page


def test_opening_a_notice_reads_it_and_leads_on(client: Client, nurse: User) -> None:
    notice = Notice.objects.get(read=None)

    answer = client.post(f"/notices/{notice.pk}/read/", {"open": "1"})

    notice.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/patients/")
    assert notice.read is not None


def test_reading_all_empties_the_bell(client: Client, nurse: User) -> None:
    client.post("/notices/read/")

    assert "unread" not in text(client, "/notices/bell/")
    assert "Mark all as read" not in text(client, "/notices/")


def test_a_patient_has_a_bell_and_an_empty_page_that_says_so(client: Client) -> None:
    client.force_login(make_person(Role.PATIENT))

    page = text(client, "/notices/")

    assert "No notices" in page
    assert 'id="bell"' in page


def test_mail_is_offered_where_the_hospital_sends_it(
    client: Client, nurse: User, settings: LazySettings
) -> None:
    assert "no mail address yet" in text(client, "/notices/")
    nurse.email = "nurse@hospital.example"
    nurse.save()

    client.post("/notices/mail/", {"mail": "on"})
    nurse.refresh_from_db()
    assert nurse.preferences == {"notices": {"mail": "on"}}
    assert "Send me no mail" in text(client, "/notices/")

    client.post("/notices/mail/")
    nurse.refresh_from_db()
    assert nurse.preferences == {}

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "By mail too" not in text(client, "/notices/")


def test_a_program_reads_the_words_in_its_language_and_marks_them(nurse: User) -> None:
    scopes = ["notices:read", "notices:write"]
    _row, token = create_api_token(user=nurse, name="phone", scopes=scopes)
    phone = Client(headers={"authorization": f"Bearer {token}"})

    unread = phone.get("/api/v1/notices/?unread=true").json()["results"]
    everything = phone.get("/api/v1/notices/").json()["results"]

    assert [row["words"] for row in unread] == ["Bed 1 is free."]
    assert [row["values"]["bed"] for row in everything] == [1, 2]
    read = phone.post(f"/api/v1/notices/{unread[0]['id']}/read/").json()
    assert read["read"] is not None
    assert phone.post("/api/v1/notices/read/").json() == {"read": 0}
