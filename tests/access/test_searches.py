"""Searches and lists hold what is theirs to see, and nothing else."""

from pathlib import Path

import pytest
from django.db.models import QuerySet

from diagnosis.models import Instance, Series, Study
from hospital.records.models import Patient
from tests.access.route import DEPARTMENT
from tests.access.world import World, make_world

pytestmark = pytest.mark.django_db
STUDY_UID = "0020000D"
PATIENTS = ("patient", "other patient")
SEARCHES = ("studies", "series", "instances")
OF_STUDIES = {
    "studies": (Study, "pk__in"),
    "series": (Series, "study__in"),
    "instances": (Instance, "series__study__in"),
    "patients": (Patient, "studies__in"),
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def bearer(world: World, role: str) -> dict[str, str]:
    return {"authorization": f"Bearer {world.tokens[role]}"}


def studies_of(world: World, role: str) -> QuerySet[Study]:
    """Return a patient's own studies, or those of a person's departments."""
    targets = [world.ids[target] for target in DEPARTMENT[role]]
    if role in PATIENTS:
        return Study.objects.filter(patient__in=[ids["patient_id"] for ids in targets])
    return Study.objects.filter(
        department__in=[ids["department_id"] for ids in targets]
    )


def uids(rows: list[dict[str, dict[str, list[str]]]]) -> set[str]:
    return {row[STUDY_UID]["Value"][0] for row in rows}


@pytest.mark.parametrize("role", DEPARTMENT)
def test_a_search_finds_only_what_is_theirs(role: str, world: World) -> None:
    client, headers = world.clients["stranger"], bearer(world, role)

    found = {
        search: uids(client.get(f"/dicomweb/{search}", headers=headers).json())
        for search in SEARCHES
    }

    own = studies_of(world, role)
    own_uids = set(own.values_list("study_instance_uid", flat=True))
    assert {world.ids[target]["study"] for target in DEPARTMENT[role]} <= own_uids
    assert found == dict.fromkeys(SEARCHES, own_uids)


@pytest.mark.parametrize("role", DEPARTMENT)
def test_a_nested_search_of_another_study_finds_nothing(
    role: str, world: World
) -> None:
    client, headers = world.clients["stranger"], bearer(world, role)
    hidden = {"own", "other"} - set(DEPARTMENT[role])

    for target in hidden:
        study = f"/dicomweb/studies/{world.ids[target]['study']}"
        series = f"{study}/series/{world.ids[target]['series']}"
        for path in (f"{study}/series", f"{study}/instances", f"{series}/instances"):
            response = client.get(path, headers=headers)
            assert (response.status_code, response.json()) == (200, [])


@pytest.mark.parametrize("role", DEPARTMENT)
@pytest.mark.parametrize("noun", OF_STUDIES)
def test_a_list_holds_only_what_is_theirs(noun: str, role: str, world: World) -> None:
    client = world.clients["stranger"]

    body = client.get(f"/api/v1/{noun}/", headers=bearer(world, role)).json()

    model, of_studies = OF_STUDIES[noun]
    rows = model.objects.filter(**{of_studies: studies_of(world, role)})
    own = {str(row.pk) for row in rows}
    assert {row["id"] for row in body["results"]} == own != set()
    assert body["count"] == len(own)


@pytest.mark.parametrize("role", PATIENTS)
def test_a_patient_sees_no_finding_and_no_critical_result_before_signature(
    role: str, world: World
) -> None:
    client, headers = world.clients["stranger"], bearer(world, role)
    target = "own" if role == "patient" else "other"
    study = f"/api/v1/studies/{world.ids[target]['study_id']}"

    findings = client.get(f"{study}/findings/", headers=headers).json()
    critical = client.get(f"{study}/critical-results/", headers=headers).json()

    nothing = {"count": 0, "next": None, "previous": None, "results": []}
    assert findings["results"] == []
    assert critical == nothing
