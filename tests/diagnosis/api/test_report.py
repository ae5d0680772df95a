"""Report and verdict over REST: who may, with which version, and what comes back."""

import pytest
from django.test import Client

from diagnosis.models import CriticalResult, Report, StudyStatus, Verdict
from hospital.accounts.models import Role
from hospital.records.models import DiagnosticReport
from tests.rows import (
    make_department,
    make_finding,
    make_patient,
    make_person,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
TEXT = {
    "technique": "CT of the chest.",
    "findings": "Ground-glass opacity.",
    "impression": "Viral pneumonia.",
}
NOT_READERS = [Role.NURSE, Role.MANAGER, Role.ADMINISTRATOR, Role.INTEGRATOR]


@pytest.fixture
def ward():
    return make_department("respiratory-medicine")


@pytest.fixture
def account():
    return make_person(Role.PATIENT)


@pytest.fixture
def study(ward, account):
    return make_study(ward, status=StudyStatus.READ, patient=make_patient(user=account))


@pytest.fixture
def reader(ward):
    return make_person(Role.CLINICIAN, ward)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def put(client: Client, study, body=None, **headers):
    return client.put(
        f"/api/v1/studies/{study.id}/report/",
        body or TEXT,
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def sign(client: Client, study, body=None, **headers):
    return client.post(
        f"/api/v1/studies/{study.id}/report/signature/",
        body or {"password": PASSWORD},
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


# --- Reading and saving


def test_report_before_the_first_save_is_a_draft_of_version_zero(study, reader) -> None:
    answer = signed_in(reader).get(f"/api/v1/studies/{study.id}/report/")

    assert answer.status_code == 200
    assert answer["ETag"] == '"0"'
    assert answer.json()["technique"].startswith("CT chest.")
    assert Report.objects.count() == 0


def test_save_answers_with_the_new_version(study, reader) -> None:
    client = signed_in(reader)

    first = put(client, study, If_Match='"0"')
    second = put(client, study, TEXT | {"impression": "Normal."}, If_Match='"1"')

    assert [first.status_code, second.status_code] == [200, 200]
    assert [first["ETag"], second["ETag"]] == ['"1"', '"2"']
    assert second.json()["impression"] == "Normal."
    study.refresh_from_db()
    assert study.status == StudyStatus.REPORTED


def test_save_without_if_match_is_refused(study, reader) -> None:
    answer = put(signed_in(reader), study)

    assert answer.status_code == 428
    assert answer.json()["code"] == "if_match_required"
    assert Report.objects.count() == 0


@pytest.mark.parametrize("etag", ['"0"', '"9"', "1", 'W/"1"', "nonsense"])
def test_stale_save_is_refused_and_shows_the_newer_text(study, reader, etag) -> None:
    client = signed_in(reader)
    put(client, study, If_Match='"0"')

    answer = put(client, study, TEXT | {"impression": "Mine"}, If_Match=etag)

    assert answer.status_code == 412
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["ETag"] == '"1"'
    assert answer.json()["code"] == "report_changed"
    assert answer.json()["newer"]["impression"] == TEXT["impression"]
    assert answer.json()["newer"]["version"] == 1
    assert Report.objects.get().impression == TEXT["impression"]


def test_save_of_part_of_a_report_is_refused(study, reader) -> None:
    answer = put(signed_in(reader), study, {"findings": "x"}, If_Match='"0"')

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"technique", "impression"}
    assert Report.objects.count() == 0


@pytest.mark.parametrize("role", NOT_READERS)
def test_others_of_the_department_may_not_write_or_sign(study, ward, role) -> None:
    client = signed_in(make_person(role, ward))

    answers = [
        put(client, study, If_Match='"0"'),
        put(client, study),
        sign(client, study),
        client.get(f"/api/v1/studies/{study.id}/report/draft/"),
        client.post(f"/api/v1/studies/{study.id}/critical-results/", {"reason": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert {answer.json()["code"] for answer in answers} == {"clinicians_only"}
    assert Report.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.NURSE, Role.INTEGRATOR])
def test_other_departments_find_nothing(study, reader, role) -> None:
    put(signed_in(reader), study, If_Match='"0"')
    client = signed_in(make_person(role, make_department("dermatology")))

    answers = [
        client.get(f"/api/v1/studies/{study.id}/report/"),
        put(client, study, If_Match='"1"'),
        sign(client, study),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert Report.objects.get().version == 1


def test_patient_reads_own_report_only_once_signed(study, account, reader) -> None:
    client = signed_in(account)
    put(signed_in(reader), study, If_Match='"0"')
    before = client.get(f"/api/v1/studies/{study.id}/report/")
    sign(signed_in(reader), study)

    after = client.get(f"/api/v1/studies/{study.id}/report/")

    assert (before.status_code, after.status_code) == (404, 200)
    assert put(client, study, If_Match='"1"').status_code == 403


def test_stranger_is_asked_to_sign_in(study) -> None:
    assert put(Client(), study, If_Match='"0"').status_code == 401
    assert sign(Client(), study).status_code == 401


def test_draft_comes_in_the_language_asked_for(study, reader) -> None:
    answer = signed_in(reader).get(
        f"/api/v1/studies/{study.id}/report/draft/?language=zh-hans"
    )

    assert answer.status_code == 200
    assert set(answer.json()) == {"technique", "findings", "impression", "left_out"}


# --- Signing


def test_signature_by_password_signs_for_good(study, reader) -> None:
    client = signed_in(reader)
    put(client, study, If_Match='"0"')

    answer = sign(client, study, If_Match='"1"')

    assert answer.status_code == 201
    assert answer.json()["is_signed"] is True
    assert answer.json()["signed_by"]["id"] == str(reader.id)
    assert answer.json()["record"] == str(DiagnosticReport.objects.get().id)
    assert put(client, study, If_Match='"1"').json()["code"] == "report_signed"


@pytest.mark.parametrize("body", [{"password": "wrong"}, {"code": "123456"}, {"x": 1}])
def test_signature_without_proof_is_refused(study, reader, body) -> None:
    client = signed_in(reader)
    put(client, study, If_Match='"0"')

    answer = sign(client, study, body)

    assert answer.status_code == 403
    assert not Report.objects.get().is_signed
    assert DiagnosticReport.objects.count() == 0


def test_second_signature_is_told_who_was_first(study, reader, ward) -> None:
    put(signed_in(reader), study, If_Match='"0"')
    sign(signed_in(reader), study)

    answer = sign(signed_in(make_person(Role.CLINICIAN, ward)), study)

    assert answer.status_code == 409
    assert answer.json()["code"] == "report_signed"
    assert reader.username in answer.json()["detail"]


def test_signature_of_a_version_not_seen_is_refused(study, reader) -> None:
    put(signed_in(reader), study, If_Match='"0"')

    answer = sign(signed_in(reader), study, If_Match='"0"')

    assert answer.status_code == 412
    assert answer.json()["newer"]["version"] == 1
    assert not Report.objects.get().is_signed


def test_addendum_needs_the_password_again(study, reader) -> None:
    client = signed_in(reader)
    put(client, study, If_Match='"0"')
    sign(client, study)
    url = f"/api/v1/studies/{study.id}/report/addenda/"

    refused = client.post(url, {"text": "More", "password": "wrong"})
    added = client.post(url, {"text": "More", "password": PASSWORD})

    assert (refused.status_code, added.status_code) == (403, 201)
    assert DiagnosticReport.objects.get().status == "amended"
    assert [row.text for row in Report.objects.get().addenda.all()] == ["More"]


def test_critical_result_is_acknowledged_before_signing(study, reader) -> None:
    client = signed_in(reader)
    put(client, study, If_Match='"0"')
    listed = f"/api/v1/studies/{study.id}/critical-results/"
    raised = client.post(listed, {"reason": "Pneumothorax"})
    url = f"/api/v1/critical-results/{raised.json()['id']}/acknowledgement/"

    refused = sign(client, study)
    empty = client.post(url, {"note": ""})
    told = client.post(url, {"note": "Dr Wang, by phone"})

    assert (raised.status_code, refused.status_code) == (201, 409)
    assert refused.json()["code"] == "critical_unacknowledged"
    found = client.get(listed).json()
    assert (found["count"], found["results"][0]["reason"]) == (1, "Pneumothorax")
    assert (empty.status_code, told.status_code) == (422, 201)
    assert sign(client, study).status_code == 201


def test_acknowledgement_is_not_found_elsewhere_nor_open_to_others(
    study, reader, ward, account
) -> None:
    critical = CriticalResult.objects.create(study=study, reason="x", raised_by=reader)
    url = f"/api/v1/critical-results/{critical.id}/acknowledgement/"
    elsewhere = make_person(Role.CLINICIAN, make_department("dermatology"))

    answers = [
        signed_in(person).post(url, {"note": "told"}).status_code
        for person in (elsewhere, account, make_person(Role.NURSE, ward))
    ]

    assert answers == [404, 404, 403]
    critical.refresh_from_db()
    assert not critical.is_acknowledged


# --- Verdicts


def judge(client: Client, finding, **body):
    return client.post(f"/api/v1/findings/{finding.id}/verdicts/", body)


def test_verdict_is_kept(study, reader) -> None:
    finding = make_finding(study)

    answer = judge(
        signed_in(reader), finding, verdict="corrected", label="NonCOVID", comment="No."
    )

    assert answer.status_code == 201
    kept = Verdict.objects.get()
    assert (kept.verdict, kept.label, kept.comment) == ("corrected", "NonCOVID", "No.")
    assert answer.json()["id"] == str(kept.id)


def test_correction_to_an_unknown_label_is_refused(study, reader) -> None:
    answer = judge(
        signed_in(reader), make_finding(study), verdict="corrected", label="Fracture"
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown_label"
    assert Verdict.objects.count() == 0


@pytest.mark.parametrize("role", NOT_READERS)
def test_others_of_the_department_may_not_judge(study, ward, role) -> None:
    client = signed_in(make_person(role, ward))

    answer = judge(client, make_finding(study), verdict="accepted")

    assert answer.status_code == 403
    assert Verdict.objects.count() == 0


def test_patient_may_not_judge_even_what_they_see(study, account, reader) -> None:
    finding = make_finding(study)
    before = judge(signed_in(account), finding, verdict="accepted")
    make_report(study, reader, is_signed=True)
    study.status = StudyStatus.SIGNED
    study.save()

    after = judge(signed_in(account), finding, verdict="accepted")

    assert (before.status_code, after.status_code) == (404, 403)
    assert Verdict.objects.count() == 0


def test_finding_of_another_department_is_not_found(study) -> None:
    stranger = make_person(Role.CLINICIAN, make_department("dermatology"))

    answer = judge(signed_in(stranger), make_finding(study), verdict="accepted")

    assert answer.status_code == 404
    assert Verdict.objects.count() == 0


def test_stranger_may_not_judge(study) -> None:
    assert judge(Client(), make_finding(study), verdict="accepted").status_code == 401
