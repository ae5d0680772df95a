"""Findings and models as programs read them."""

from pathlib import Path

import pytest
from django.test import Client

from diagnosis.files import store_bytes
from diagnosis.models import ModelActivation, StudyStatus
from hospital.accounts.models import Role
from hospital.accounts.services.tokens import create_api_token
from tests.rows import (
    make_department,
    make_finding,
    make_patient,
    make_person,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db


def test_findings_of_a_study_are_listed(client: Client) -> None:
    radiology = make_department()
    client.force_login(make_person(Role.CLINICIAN, radiology))
    finding = make_finding(make_study(radiology))
    finding.saliency_digest = store_bytes(b"\x89PNG picture")
    finding.save()

    body = client.get(f"/api/v1/studies/{finding.study_id}/findings/").json()

    assert body["count"] == 1
    row = body["results"][0]
    assert row["id"] == str(finding.id)
    assert row["model"] == "ct-covid/1"
    assert (row["label"], row["probability"]) == ("COVID", 0.82)
    assert (row["possible_labels"], row["coverage"], row["metal"]) == ([], None, None)
    assert row["saliency"] == f"/api/v1/findings/{finding.id}/saliency/"
    picture = client.get(row["saliency"])
    assert picture["Content-Type"] == "image/png"
    assert picture["Cache-Control"] == "private, no-cache"
    assert picture["ETag"] == f'"{finding.saliency_digest}"'
    assert b"".join(picture.streaming_content) == b"\x89PNG picture"


def test_another_departments_findings_do_not_exist(client: Client) -> None:
    client.force_login(make_person(Role.CLINICIAN, make_department()))
    finding = make_finding(make_study(make_department()))

    for path in (
        f"studies/{finding.study_id}/findings",
        f"findings/{finding.id}/saliency",
    ):
        assert client.get(f"/api/v1/{path}/").status_code == 404


def test_a_patient_sees_no_finding_before_the_signature(client: Client) -> None:
    account = make_person(Role.PATIENT)
    study = make_study(make_department(), patient=make_patient(user=account))
    make_finding(study)
    client.force_login(account)
    path = f"/api/v1/studies/{study.id}/findings/"

    before = client.get(path).json()["count"]
    make_report(study, make_person(Role.CLINICIAN, study.department), is_signed=True)
    study.status = StudyStatus.SIGNED
    study.save()

    assert before == 0
    assert client.get(path).json()["count"] == 1


def test_models_are_listed_with_their_trouble(
    client: Client, model_store: Path
) -> None:
    client.force_login(make_person(Role.CLINICIAN, make_department()))
    (model_store / "tiny" / "1" / "card.md").write_text("changed")

    rows = client.get("/api/v1/models/").json()["results"]

    assert [row["id"] for row in rows] == ["tiny/2", "tiny/1"]
    assert [row["starts"] for row in rows] == [True, False]
    assert rows[1]["trouble_code"] == "wrong_digest"
    card = client.get("/api/v1/models/tiny/2/").json()["card"]
    assert card.startswith("# Tiny")


def test_only_an_administrator_activates(client: Client, model_store: Path) -> None:
    client.force_login(make_person(Role.CLINICIAN, make_department()))
    path = "/api/v1/models/tiny/2/activation/"

    refused = client.post(path)
    client.force_login(make_person(Role.ADMINISTRATOR))
    done = client.post(path)
    again = client.post(path)

    assert [r.status_code for r in (refused, done, again)] == [403, 201, 409]
    assert done.json()["active"] is True
    assert ModelActivation.objects.count() == 1


@pytest.mark.parametrize(
    ("scope", "status"), [("findings:read", 200), ("studies:read", 403)]
)
def test_findings_need_a_scope_of_their_own(
    client: Client, scope: str, status: int
) -> None:
    radiology = make_department()
    finding = make_finding(make_study(radiology))
    finding.saliency_digest = store_bytes(b"\x89PNG picture")
    finding.save()
    _row, token = create_api_token(
        user=make_person(Role.CLINICIAN, radiology), name="x", scopes=[scope]
    )
    headers = {"authorization": f"Bearer {token}"}

    for path in (
        f"studies/{finding.study_id}/findings",
        f"findings/{finding.id}/saliency",
    ):
        response = client.get(f"/api/v1/{path}/", headers=headers)
        b"".join(getattr(response, "streaming_content", []))
        assert response.status_code == status
