import pytest
from django.test import Client

from consult.models import Conversation
from consult.selectors.summaries import summary_before_visit
from consult.services.encounters import send_summary
from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict
from hospital.records.models import Encounter, Observation
from tests.consult.talks import persons_talk, strangers_talk, write
from tests.rows import make_department, make_patient, make_person

pytestmark = pytest.mark.django_db
RASH = "I have had a mild itchy skin rash for a week, I am a 40 year old man"


def answered(row: Conversation) -> Conversation:
    """Return a talk about a rash whose every question is answered."""
    write(row, RASH)
    for _turn in range(10):
        row.refresh_from_db()
        if summary_before_visit(row) is not None:
            return row
        write(row, "no" if "." in row.interview["asked"][-1]["code"] else "3")
    raise AssertionError(row.interview)


@pytest.fixture
def person() -> User:
    user = make_person(Role.PATIENT)
    make_patient(user=user)
    return user


def test_a_summary_is_read_first_and_sent_by_its_person(person: User) -> None:
    skin = make_department("dermatology")
    row = answered(persons_talk(person))
    assert not Encounter.objects.exists()
    client = Client()
    client.force_login(person)
    here = f"/api/v1/conversations/{row.pk}/"

    before = client.get(here).json()["summary"]
    after = client.post(f"{here}summary/").json()["summary"]
    again = client.post(f"{here}summary/")

    encounter = Encounter.objects.get()
    assert (encounter.department, encounter.reason) == (skin, RASH)
    assert (before["department"], before["is_sent"], before["may_send"]) == (
        *(str(skin), False, True),
    )
    assert (after["is_sent"], after["may_send"]) == (True, False)
    sent = Observation.objects.get(code="summary").text
    assert sent.split("\n")[1:] == before["lines"] == after["lines"]
    assert again.status_code == 200


def test_an_open_question_comes_before_the_summary(person: User) -> None:
    make_department("dermatology")
    row = persons_talk(person)
    write(row, "I have a headache")

    with pytest.raises(Conflict) as refused:
        send_summary(conversation=row)

    assert refused.value.code == "no_summary"
    assert not Encounter.objects.exists()


def test_a_stranger_has_the_summary_to_show_and_no_record_to_send_it_to() -> None:
    make_department("dermatology")
    row = answered(strangers_talk())

    shown = summary_before_visit(row)
    with pytest.raises(Conflict) as refused:
        send_summary(conversation=row)

    assert shown is not None
    assert not shown.may_send
    assert any(RASH in line for line in shown.lines)
    assert refused.value.code == "not_sendable"
    assert not Encounter.objects.exists()


def test_nobody_in_a_crisis_is_asked_to_send_anything(person: User) -> None:
    row = persons_talk(person)
    write(row, "I have a headache and I want to kill myself tonight")
    row.refresh_from_db()

    assert summary_before_visit(row) is None
