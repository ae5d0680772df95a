"""Searches and lists hold what is theirs to see, and nothing else."""

from pathlib import Path

import pytest

from tests.access.route import DEPARTMENT
from tests.access.world import World, make_world

pytestmark = pytest.mark.django_db
STUDY_UID = "0020000D"
SEARCHES = ("studies", "series", "instances")
LISTS = ("studies", "series", "instances", "patients")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def bearer(world: World, role: str) -> dict[str, str]:
    return {"authorization": f"Bearer {world.tokens[role]}"}


def uids(rows: list[dict[str, dict[str, list[str]]]]) -> set[str]:
    return {row[STUDY_UID]["Value"][0] for row in rows}


@pytest.mark.parametrize("role", DEPARTMENT)
def test_a_search_finds_only_what_is_theirs(role: str, world: World) -> None:
    client, headers = world.clients["stranger"], bearer(world, role)

    found = {
        search: uids(client.get(f"/dicomweb/{search}", headers=headers).json())
        for search in SEARCHES
    }

    own = {world.ids[target]["study"] for target in DEPARTMENT[role]}
    assert found == dict.fromkeys(SEARCHES, own)


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
@pytest.mark.parametrize("noun", LISTS)
def test_a_list_holds_only_what_is_theirs(noun: str, role: str, world: World) -> None:
    client = world.clients["stranger"]

    body = client.get(f"/api/v1/{noun}/", headers=bearer(world, role)).json()

    key = "series_id" if noun == "series" else f"{noun.removesuffix('s')}_id"
    key = "study_id" if noun == "studies" else key
    own = {world.ids[target][key] for target in DEPARTMENT[role]}
    assert {row["id"] for row in body["results"]} == own
    assert body["count"] == len(own)


@pytest.mark.parametrize("role", ["patient", "other patient"])
def test_a_patient_sees_no_finding_and_no_critical_result_before_signature(
    role: str, world: World
) -> None:
    client, headers = world.clients["stranger"], bearer(world, role)
    target = "own" if role == "patient" else "other"
    study = f"/api/v1/studies/{world.ids[target]['study_id']}"

    findings = client.get(f"{study}/findings/", headers=headers).json()
    critical = client.get(f"{study}/critical-results/", headers=headers).json()

    assert findings["results"] == []
    assert critical in ([], {"count": 0, "next": None, "previous": None, "results": []})
