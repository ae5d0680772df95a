"""The reading room's administration: who gets in, what may be done, what may not."""

from pathlib import Path

import pytest
from django.test import Client

from diagnosis.models import ModelActivation, QuarantinedFile
from hospital.accounts.models import Role
from tests.rows import (
    make_department,
    make_finding,
    make_person,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db
LISTS = [
    "study",
    "series",
    "instance",
    "quarantinedfile",
    "finding",
    "report",
    "criticalresult",
    "modelactivation",
]
READ_ONLY = LISTS[:-1]


@pytest.fixture
def ward():
    return make_department("respiratory-medicine")


@pytest.fixture
def administrator():
    return make_person(Role.ADMINISTRATOR)


@pytest.fixture
def client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def study(ward):
    study = make_study(ward)
    make_finding(study)
    make_report(study, make_person(Role.CLINICIAN, ward))
    return study


@pytest.fixture
def aside(study, administrator) -> QuarantinedFile:
    return QuarantinedFile.objects.create(
        department=study.department,
        uploaded_by=administrator,
        instance=study.series.get().instances.get(),
        digest="f" * 64,
        size_bytes=1,
        code="same_uid_other_bytes",
        message="The UID is taken.",
    )


@pytest.mark.parametrize("name", LISTS)
def test_administrator_sees_every_list(client, study, aside, name) -> None:
    assert client.get(f"/admin/diagnosis/{name}/").status_code == 200


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_gets_in(ward, name, role) -> None:
    client = Client()
    client.force_login(make_person(role, ward))

    assert client.get(f"/admin/diagnosis/{name}/").status_code in {302, 403}


@pytest.mark.parametrize("name", READ_ONLY)
def test_nothing_is_added_here(client, name) -> None:
    assert client.get(f"/admin/diagnosis/{name}/add/").status_code == 403
    assert client.post(f"/admin/diagnosis/{name}/add/", {}).status_code == 403


def test_nothing_is_changed_or_deleted_here(client, study, aside) -> None:
    rows = [study, study.series.get(), study.findings.get(), study.report, aside]

    for row in rows:
        place = f"/admin/diagnosis/{row._meta.model_name}/{row.pk}"
        assert client.get(f"{place}/change/").status_code == 200
        assert client.post(f"{place}/change/", {"status": "x"}).status_code == 403
        assert client.post(f"{place}/delete/", {"post": "yes"}).status_code == 403
        row.refresh_from_db()


def test_case_of_a_quarantined_file_is_closed_once(client, aside) -> None:
    body = {"action": "resolve", "_selected_action": [str(aside.pk)]}

    first = client.post("/admin/diagnosis/quarantinedfile/", body, follow=True)
    closed = QuarantinedFile.objects.get().resolved
    client.post("/admin/diagnosis/quarantinedfile/", body)

    assert "1 case is closed." in first.content.decode()
    assert closed is not None
    assert QuarantinedFile.objects.get().resolved == closed


def test_model_of_the_store_is_put_into_service(client, monkeypatch) -> None:
    calls = []

    def activate(**facts) -> ModelActivation:
        calls.append(facts)
        return ModelActivation.objects.create(
            name="ct-covid", version="1", digest="0" * 64
        )

    monkeypatch.setattr("diagnosis.admin.activate_model", activate)
    monkeypatch.setattr("diagnosis.admin.references", lambda root: [("ct-covid", "1")])

    answer = client.post(
        "/admin/diagnosis/modelactivation/add/", {"entry": "ct-covid/1", "note": "new"}
    )

    assert answer.status_code == 302
    assert [(call["name"], call["version"], call["note"]) for call in calls] == [
        ("ct-covid", "1", "new")
    ]
    assert ModelActivation.objects.count() == 1


def test_refused_model_is_told_in_words(client, settings, tmp_path: Path) -> None:
    settings.MODEL_STORE = tmp_path

    answer = client.post(
        "/admin/diagnosis/modelactivation/add/", {"entry": "none/1"}, follow=True
    )

    assert answer.status_code == 200
    assert ModelActivation.objects.count() == 0


def test_rolling_back_where_there_is_nothing_is_told(client) -> None:
    place = "/admin/diagnosis/modelactivation/roll-back/"

    answer = client.post(place, follow=True)

    assert "No other model was in service before." in answer.content.decode()
    assert client.get(place).status_code == 405
    assert ModelActivation.objects.count() == 0


def test_activation_is_never_changed(client) -> None:
    row = ModelActivation.objects.create(name="m", version="1", digest="0" * 64)
    place = f"/admin/diagnosis/modelactivation/{row.pk}"

    assert client.get(f"{place}/change/").status_code == 200
    assert client.post(f"{place}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"{place}/delete/", {"post": "yes"}).status_code == 403
