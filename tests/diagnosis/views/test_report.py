"""The report's page: written, signed and printed by people."""

import pytest
from django.test import Client

from diagnosis.models import CriticalResult, Report, StudyStatus
from hospital.accounts.models import Role
from tests.rows import (
    make_department,
    make_finding,
    make_person,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
TEXT = {"technique": "CT.", "findings": "Opacity.", "impression": "Pneumonia."}


@pytest.fixture
def ward():
    return make_department("respiratory-medicine")


@pytest.fixture
def study(ward):
    return make_study(ward, status=StudyStatus.READ)


@pytest.fixture
def reader(ward):
    return make_person(Role.CLINICIAN, ward)


@pytest.fixture
def client(reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def url(study, rest: str = "report/") -> str:
    return f"/studies/{study.id}/{rest}"


def test_page_opens_with_the_draft_and_what_it_leaves_out(client, study) -> None:
    make_finding(study)

    page = client.get(url(study)).content.decode()

    assert "nobody has judged what AI said (COVID-19 pattern, 82 %)" in page
    assert 'name="version" value="0"' in page
    assert Report.objects.count() == 0


def test_form_without_scripts_saves_and_signs(client, study) -> None:
    saved = client.post(url(study), TEXT | {"version": 0})
    signed = client.post(
        url(study, "report/signature/"), {"version": 1, "password": PASSWORD}
    )

    assert [saved.status_code, signed.status_code] == [302, 302]
    report = Report.objects.get()
    assert (report.impression, report.is_signed) == ("Pneumonia.", True)
    page = client.get(url(study)).content.decode()
    assert "Signed by" in page
    assert 'name="findings"' not in page


def test_stale_form_keeps_what_was_typed_and_shows_the_other(
    client, study, reader
) -> None:
    make_report(study, reader)

    answer = client.post(url(study), TEXT | {"version": 0})

    page = answer.content.decode()
    assert answer.status_code == 412
    assert "Pneumonia." in page
    assert "Suspicious for viral pneumonia." in page
    assert Report.objects.get().impression == "Suspicious for viral pneumonia."


def test_wrong_password_is_told_and_signs_nothing(client, study, reader) -> None:
    make_report(study, reader)

    answer = client.post(
        url(study, "report/signature/"), {"version": 1, "password": "wrong"}
    )

    assert answer.status_code == 403
    assert "Nothing was done" in answer.content.decode()
    assert not Report.objects.get().is_signed


def test_htmx_gets_the_report_alone(client, study) -> None:
    answer = client.get(url(study), headers={"HX-Request": "true"})

    assert answer.content.decode().lstrip().startswith("<section")


@pytest.mark.parametrize("role", [Role.NURSE, Role.MANAGER, Role.ADMINISTRATOR])
def test_others_of_the_department_read_but_do_not_write(
    study, ward, reader, role
) -> None:
    make_report(study, reader)
    client = Client()
    client.force_login(make_person(role, ward))

    page = client.get(url(study))
    attempts = [
        client.post(url(study), TEXT | {"version": 1}),
        client.post(url(study, "report/signature/"), {"version": 1, "password": "x"}),
        client.post(url(study, "report/addenda/"), {"text": "x", "password": "x"}),
        client.post(url(study, "critical-results/"), {"reason": "x"}),
    ]

    assert page.status_code == 200
    assert "data-report-do" not in page.content.decode()
    assert [attempt.status_code for attempt in attempts] == [403] * 4
    assert Report.objects.get().version == 1
    assert CriticalResult.objects.count() == 0


@pytest.mark.parametrize(
    "rest", ["report/", "report/print/", "report.pdf", "critical-results/"]
)
def test_other_department_finds_nothing(study, reader, rest) -> None:
    make_report(study, reader)
    client = Client()
    client.force_login(make_person(Role.CLINICIAN, make_department("dermatology")))

    assert client.get(url(study, rest)).status_code == 404


@pytest.mark.parametrize(
    "rest", ["report/", "report/print/", "report.pdf", "critical-results/"]
)
def test_patient_has_no_door_here(study, rest) -> None:
    client = Client()
    client.force_login(make_person(Role.PATIENT))

    assert client.get(url(study, rest)).status_code == 403


def test_critical_result_shows_a_banner_until_somebody_was_told(client, study) -> None:
    htmx = {"HX-Request": "true"}
    raised = client.post(
        url(study, "critical-results/"), {"reason": "Pneumothorax"}, headers=htmx
    )
    door = f"/critical-results/{CriticalResult.objects.get().id}/acknowledgement/"

    empty = client.post(door, {"note": " "}, headers=htmx)
    told = client.post(door, {"note": "Dr Wang, by phone"}, headers=htmx)

    assert "Critical result: Pneumothorax" in raised.content.decode()
    assert empty.status_code == 422
    assert "Say whom you told" in empty.content.decode()
    assert "Dr Wang, by phone" in told.content.decode()
    assert 'role="alert"' not in told.content.decode()


def test_print_page_carries_model_digest_and_signature(client, study, reader) -> None:
    make_finding(study)
    client.post(url(study), TEXT | {"version": 0})
    client.post(url(study, "report/signature/"), {"version": 1, "password": PASSWORD})

    page = client.get(url(study, "report/print/")).content.decode()

    assert "ct-covid, version 1, digest 0000000000000000" in page
    assert "Research use only" in page
    assert f"Signed by {reader.username} on" in page
    assert "NOT SIGNED" not in page


def test_print_page_of_a_draft_says_so(client, study, reader) -> None:
    make_report(study, reader)

    assert "NOT SIGNED" in client.get(url(study, "report/print/")).content.decode()


def test_nothing_written_is_nothing_to_print(client, study) -> None:
    assert client.get(url(study, "report.pdf")).status_code == 404
    assert client.get(url(study, "report/print/")).status_code == 404


def test_verdict_by_htmx_answers_with_the_findings(client, study, reader) -> None:
    finding = make_finding(study)

    answer = client.post(
        f"/findings/{finding.id}/verdict/",
        {"verdict": "accepted"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert 'id="findings"' in answer.content.decode()
    assert finding.verdicts.get().reader == reader
