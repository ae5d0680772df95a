"""One-time links: they work once, not for long, and say nothing to guessers."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from hospital.accounts.adapter import AccountAdapter
from hospital.accounts.models import LinkPurpose, OneTimeLink, Role, User
from hospital.accounts.services.links import (
    LinkGone,
    link_of,
    make_link,
    use_link_for_record,
)
from hospital.accounts.services.people import invite_person, make_reset_link
from hospital.core.errors import Conflict, InvalidInput
from hospital.records.models import Patient
from tests.rows import make_department, make_patient, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence about rivers"
FORM = {"password": PASSWORD, "again": PASSWORD}


def test_an_invitation_opens_an_account(client: Client) -> None:
    department = make_department("radiology")
    link = invite_person(
        username="clara", role=Role.CLINICIAN, departments=[department]
    )

    opened = client.get(link.path)
    done = client.post(opened["Location"], FORM)

    user = User.objects.get(username="clara")
    assert opened["Location"] == "/accounts/link/"
    assert done["Location"] == "/accounts/login/"
    assert user.check_password(PASSWORD)
    assert [d.code for d in user.departments.all()] == ["radiology"]
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_nobody_signs_in_before_the_link_is_used(client: Client) -> None:
    invite_person(username="clara", role=Role.CLINICIAN)

    client.post("/accounts/login/", {"login": "clara", "password": ""})

    assert "_auth_user_id" not in client.session


def test_looking_at_a_link_does_not_use_it_up(client: Client) -> None:
    link = invite_person(username="clara", role=Role.CLINICIAN)

    Client().get(link.path)

    assert link_of(link.code) == link.row


def test_a_link_works_once(client: Client) -> None:
    link = make_reset_link(user=make_person(Role.NURSE))
    client.get(link.path)
    client.post("/accounts/link/", FORM)

    again = Client().get(link.path)

    assert again.status_code == 410


@pytest.mark.parametrize("why", ["unknown", "ended", "closed", "replaced"])
def test_a_dead_link_is_gone_and_changes_nothing(client: Client, why: str) -> None:
    user = make_person(Role.NURSE)
    before = user.password
    link = make_reset_link(user=user)
    path = link.path
    if why == "unknown":
        path = "/accounts/link/AAAAAAAAAAAAAAAAAAAAAAAA/"
    elif why == "ended":
        past = timezone.now() - timedelta(seconds=1)
        OneTimeLink.objects.update(expires=past)
    elif why == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        make_reset_link(user=user)

    opened = client.get(path)
    posted = client.post("/accounts/link/", FORM)

    user.refresh_from_db()
    assert (opened.status_code, posted.status_code) == (410, 410)
    assert user.password == before


def test_a_weak_password_is_refused_with_the_reason(client: Client) -> None:
    link = invite_person(username="clara", role=Role.CLINICIAN)
    client.get(link.path)

    response = client.post("/accounts/link/", {"password": "12345", "again": "12345"})

    assert "too short" in response.content.decode()
    assert not User.objects.get(username="clara").has_usable_password()
    assert link_of(link.code) == link.row


def test_a_new_password_ends_the_sessions_of_the_old_one(client: Client) -> None:
    user = make_person(Role.NURSE)
    elsewhere = Client()
    elsewhere.force_login(user)
    link = make_reset_link(user=user)
    client.get(link.path)

    client.post("/accounts/link/", FORM)

    assert elsewhere.get("/accounts/").status_code == 302


def test_an_invited_patient_is_tied_to_their_record(client: Client) -> None:
    patient = make_patient(number="P77")
    link = invite_person(username="petra", role=Role.PATIENT, patient_id=patient.pk)
    client.get(link.path)

    client.post("/accounts/link/", FORM)

    patient.refresh_from_db()
    assert patient.user == User.objects.get(username="petra")


def test_a_patient_ties_their_record_by_code(client: Client) -> None:
    patient, person = make_patient(), make_person(Role.PATIENT)
    link = make_link(purpose=LinkPurpose.RECORD, patient_id=patient.pk)
    client.force_login(person)

    client.post("/accounts/record/", {"code": link.code})

    patient.refresh_from_db()
    assert patient.user == person


def test_a_record_is_tied_to_one_account_only() -> None:
    first, second = make_person(Role.PATIENT), make_person(Role.PATIENT)
    patient = make_patient(user=first)
    link = make_link(purpose=LinkPurpose.RECORD, patient_id=patient.pk)

    with pytest.raises(Conflict):
        use_link_for_record(code=link.code, user=second)

    patient.refresh_from_db()
    assert patient.user == first
    assert link_of(link.code) == link.row


def test_staff_cannot_tie_a_record(client: Client) -> None:
    patient = make_patient()
    link = make_link(purpose=LinkPurpose.RECORD, patient_id=patient.pk)
    nurse = make_person(Role.NURSE)
    client.force_login(nurse)

    response = client.post("/accounts/record/", {"code": link.code})

    patient.refresh_from_db()
    assert response.status_code == 403
    assert patient.user is None


def test_a_password_link_ties_no_record() -> None:
    link = make_reset_link(user=make_person(Role.NURSE))

    with pytest.raises(LinkGone):
        use_link_for_record(code=link.code, user=make_person(Role.PATIENT))


def test_a_taken_name_is_not_invited_again() -> None:
    make_person(Role.NURSE, username="nora")

    with pytest.raises(InvalidInput) as refusal:
        invite_person(username="nora", role=Role.ADMINISTRATOR)

    assert refusal.value.code == "bad_account"
    assert User.objects.get(username="nora").role == Role.NURSE


def command(*words: str) -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(str(stopped.code)), err.getvalue()
    return 0, out.getvalue()


def test_the_command_invites_by_a_link(client: Client) -> None:
    make_department("radiology")

    status, out = command(
        "invite", "clara", "--role", "clinician", "--department", "radiology", "--json"
    )

    answer = json.loads(out)
    assert status == 0
    assert client.get(answer["link"].replace("http://localhost:8000", "")).url == (
        "/accounts/link/"
    )


def test_the_command_prints_a_reset_link() -> None:
    make_person(Role.NURSE, username="nora")

    status, out = command("reset_link", "nora")

    assert status == 0
    assert "/accounts/link/" in out


@pytest.mark.parametrize(
    "words",
    [
        ("invite", "clara", "--department", "nowhere"),
        ("invite", "petra", "--patient", "P404", "--birth-date", "1961-02-03"),
        ("invite", "petra", "--patient", "P404"),
        ("invite", ""),
        ("reset_link", "nobody"),
    ],
)
def test_bad_input_is_exit_2_with_one_line(words: tuple[str, ...]) -> None:
    before = User.objects.count()

    status, err = command(*words)

    assert status == 2
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert User.objects.count() == before


def test_a_record_code_needs_number_and_birth_date_together() -> None:
    make_patient(number="P77")

    wrong, _err = command(
        "invite", "--code", "--patient", "P77", "--birth-date", "1999-01-01"
    )
    right, _out = command(
        "invite", "--code", "--patient", "P77", "--birth-date", "1961-02-03"
    )

    assert (wrong, right) == (2, 0)
    assert OneTimeLink.objects.count() == 1
    assert Patient.objects.get().user is None


def test_a_new_password_ends_the_accounts_other_links(client: Client) -> None:
    invitation = invite_person(username="clara", role=Role.CLINICIAN)
    reset = make_reset_link(user=User.objects.get(username="clara"))
    client.get(invitation.path)
    client.post("/accounts/link/", FORM)

    with pytest.raises(LinkGone):
        link_of(reset.code)


def test_a_changed_password_ends_the_accounts_links() -> None:
    user = make_person(Role.NURSE)
    link = make_reset_link(user=user)

    AccountAdapter().set_password(user, PASSWORD)

    with pytest.raises(LinkGone):
        link_of(link.code)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
