"""The study page and the verdicts given on it."""

import pytest
from django.test import Client

from diagnosis.models import Finding, Study, StudyStatus, Verdict
from hospital.accounts.models import Department, Role, User
from tests.rows import (
    make_department,
    make_finding,
    make_patient,
    make_person,
    make_study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Department:
    return make_department("radiology")


@pytest.fixture
def reader(department: Department, client: Client) -> User:
    reader = make_person(Role.CLINICIAN, department)
    client.force_login(reader)
    return reader


@pytest.fixture
def finding(department: Department) -> Finding:
    return make_finding(make_study(department, status=StudyStatus.READ))


def judge(client: Client, finding: Finding, **words: str) -> int:
    return client.post(f"/findings/{finding.id}/verdict/", words).status_code


def test_labels_that_cannot_be_told_apart_are_said_so(
    client: Client, reader: User, finding: Finding
) -> None:
    page = f"/studies/{finding.study_id}/"
    before = client.get(page).content.decode()
    finding.possible_labels, finding.coverage = ["COVID", "NonCOVID"], 0.9
    finding.save()

    after = client.get(page).content.decode()

    words = "Cannot be told apart at 90 %: COVID-19 pattern or no COVID-19 pattern."
    assert words in after
    assert "Cannot be told apart" not in before


def test_metal_in_the_images_is_told_beside_an_answer(
    client: Client, reader: User, finding: Finding
) -> None:
    finding.metal = {"slices": 3, "left_out": 1, "read": 12}
    finding.save()

    text = client.get(f"/studies/{finding.study_id}/findings/").content.decode()

    assert "Metal in 3 of the 12 slices that were read" in text
    assert "One slice with much metal did not count in the answer." in text


@pytest.mark.parametrize(
    ("slices", "calibrated_on", "words"),
    [
        (64, 44, "Calibrated on 44 series: of 10 given 70 %, about 7 are so."),
        (1, 118, "Calibrated on 118 images: of 10 given 70 %, about 7 are so."),
        (None, None, "Calibrated: of 10 studies given 70 %, about 7 are so."),
    ],
)
def test_what_an_answer_was_calibrated_on_is_told(
    client: Client,
    reader: User,
    finding: Finding,
    slices: int | None,
    calibrated_on: int | None,
    words: str,
) -> None:
    finding.slices_read, finding.calibrated_on = slices, calibrated_on
    finding.save()

    assert words in client.get(f"/studies/{finding.study_id}/").content.decode()


def test_a_series_of_a_model_for_slices_is_told_as_not_calibrated(
    client: Client, reader: User, finding: Finding
) -> None:
    finding.slices_read, finding.calibrated = 64, False
    finding.save()

    text = client.get(f"/studies/{finding.study_id}/").content.decode()

    assert "Not calibrated for whole series: read the number as a score." in text


def test_the_page_shows_finding_model_and_research_notice(
    client: Client, reader: User, finding: Finding
) -> None:
    text = client.get(f"/studies/{finding.study_id}/").content.decode()

    for words in ("COVID-19 pattern", "82 %", "likely", "ct-covid/1", "Research use"):
        assert words in text


def test_a_study_of_another_department_is_not_there(
    client: Client, reader: User
) -> None:
    foreign = make_study(make_department())

    assert client.get(f"/studies/{foreign.id}/").status_code == 404
    assert client.get(f"/studies/{foreign.id}/findings/").status_code == 404
    series = foreign.series.get()
    assert client.get(f"/series/{series.id}/images/").status_code == 404


def test_priors_are_the_patients_other_studies_within_reach(
    client: Client, reader: User, department: Department
) -> None:
    patient = make_patient()
    study, prior = (make_study(department, patient=patient) for _ in range(2))
    make_study(make_department(), patient=patient)
    make_study(department)

    page = client.get(f"/studies/{study.id}/")

    assert list(page.context["priors"]) == [prior]


def test_the_images_of_a_series_come_in_order(
    client: Client, reader: User, finding: Finding
) -> None:
    answer = client.get(f"/series/{finding.series_id}/images/").json()

    assert answer["series"] == str(finding.series_id)
    assert [image["frame"] for image in answer["images"]] == [1]


@pytest.mark.parametrize(
    ("words", "verdict", "label"),
    [
        ({"verdict": "accepted"}, "accepted", ""),
        ({"verdict": "rejected"}, "rejected", ""),
        ({"correction": "NonCOVID"}, "corrected", "NonCOVID"),
    ],
)
def test_a_verdict_is_kept_and_makes_its_giver_the_reader(
    client: Client,
    reader: User,
    finding: Finding,
    words: dict[str, str],
    verdict: str,
    label: str,
) -> None:
    assert judge(client, finding, **words) == 302

    kept = Verdict.objects.get(finding=finding)
    assert (kept.verdict, kept.label, kept.reader) == (verdict, label, reader)
    assert Study.objects.get(id=finding.study_id).reader == reader


@pytest.mark.parametrize(
    "words", [{}, {"verdict": "maybe"}, {"correction": "Fracture"}]
)
def test_words_that_are_no_verdict_are_refused(
    client: Client, reader: User, finding: Finding, words: dict[str, str]
) -> None:
    assert judge(client, finding, **words) == 422
    assert not Verdict.objects.exists()


def test_a_signed_study_takes_no_verdict(
    client: Client, reader: User, finding: Finding
) -> None:
    Study.objects.filter(id=finding.study_id).update(status=StudyStatus.SIGNED)

    assert judge(client, finding, verdict="accepted") == 409
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("role", [Role.NURSE, Role.MANAGER, Role.PATIENT])
def test_only_clinicians_judge(
    client: Client, department: Department, finding: Finding, role: Role
) -> None:
    client.force_login(make_person(role, department))

    assert judge(client, finding, verdict="accepted") == 403
    assert not Verdict.objects.exists()


def test_a_nurse_sees_the_finding_without_the_verdict_buttons(
    client: Client, department: Department, finding: Finding
) -> None:
    client.force_login(make_person(Role.NURSE, department))

    text = client.get(f"/studies/{finding.study_id}/").content.decode()

    assert "COVID-19 pattern" in text
    assert 'value="accepted"' not in text
