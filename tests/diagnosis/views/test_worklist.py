"""The worklist: filters, order, pages and saved views live in its address."""

import pytest
from django.test import Client

from diagnosis.models import Priority, Study, StudyStatus
from hospital.accounts.models import Department, Role, User
from tests.rows import (
    make_department,
    make_finding,
    make_patient,
    make_person,
    make_study,
)

pytestmark = pytest.mark.django_db
URL = "/worklist/"


@pytest.fixture
def department() -> Department:
    return make_department("radiology")


@pytest.fixture
def reader(department: Department, client: Client) -> User:
    reader = make_person(Role.CLINICIAN, department)
    client.force_login(reader)
    return reader


def listed(client: Client, query: str) -> list[Study]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return list(response.context["page"].object_list)


def test_without_a_query_it_leads_to_what_is_to_be_read(
    client: Client, reader: User
) -> None:
    response = client.get(URL)

    assert response.status_code == 302
    assert response["Location"] == f"{URL}?status=open"


def test_studies_of_other_departments_are_not_listed(
    client: Client, reader: User, department: Department
) -> None:
    own = make_study(department)
    make_study(make_department())

    assert listed(client, "status=") == [own]


def test_signed_studies_are_no_longer_to_be_read(
    client: Client, reader: User, department: Department
) -> None:
    waiting = make_study(department, status=StudyStatus.READ)
    signed = make_study(department, status=StudyStatus.SIGNED)

    assert listed(client, "status=open") == [waiting]
    assert listed(client, "status=signed") == [signed]


@pytest.mark.parametrize("search", ["ning", "P00777", "A-1", "chest ning", "胸部"])
def test_search_finds_name_number_accession_and_description(
    client: Client, reader: User, department: Department, search: str
) -> None:
    study = make_study(department, patient=make_patient("Ning^Li", number="P00777"))
    Study.objects.filter(id=study.id).update(
        accession_number="A-17", description="CT chest 胸部"
    )
    make_study(department, patient=make_patient("Other^Name", number="Q1"))

    assert listed(client, f"search={search}") == [study]


def test_findings_are_told_apart(
    client: Client, reader: User, department: Department
) -> None:
    positive, abstained, unread = (make_study(department) for _ in range(3))
    make_finding(positive)
    finding = make_finding(abstained)
    finding.abstained = True
    finding.save()

    assert listed(client, "finding=positive") == [positive]
    assert listed(client, "finding=abstained") == [abstained]
    assert listed(client, "finding=none") == [unread]


def test_mine_are_those_i_read(
    client: Client, reader: User, department: Department
) -> None:
    mine = make_study(department)
    Study.objects.filter(id=mine.id).update(reader=reader)
    free = make_study(department)

    assert listed(client, "reader=me") == [mine]
    assert listed(client, "reader=nobody") == [free]


def test_the_highest_rank_leads_unless_another_order_is_asked(
    client: Client, reader: User, department: Department
) -> None:
    low, high = make_study(department), make_study(department)
    Study.objects.filter(id=high.id).update(rank=2.0, priority=Priority.STAT)

    assert listed(client, "status=") == [high, low]
    assert listed(client, "ordering=rank") == [low, high]
    assert listed(client, "ordering=-priority") == [high, low]
    assert listed(client, "ordering=nonsense") == [low, high]


def test_nothing_known_stands_last_in_either_order(
    client: Client, reader: User, department: Department
) -> None:
    unread, read = make_study(department), make_study(department)
    make_finding(read)

    assert listed(client, "ordering=finding") == [read, unread]
    assert listed(client, "ordering=-finding") == [read, unread]


def test_an_invalid_filter_filters_nothing(
    client: Client, reader: User, department: Department
) -> None:
    study = make_study(department)

    assert listed(client, "priority=sometimes&page=zero") == [study]


def test_htmx_gets_the_rows_alone(
    client: Client, reader: User, department: Department
) -> None:
    study = make_study(department)

    response = client.get(f"{URL}?status=", headers={"HX-Request": "true"})

    text = response.content.decode()
    assert f"row-{study.id}" in text
    assert "<html" not in text
    assert f"studies:{department.id}" in text


def test_the_page_count_of_queries_does_not_grow_with_its_rows(
    client: Client,
    reader: User,
    department: Department,
    django_assert_max_num_queries: object,
) -> None:
    for _ in range(12):
        make_finding(make_study(department))

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(f"{URL}?status=")


def test_a_view_is_kept_under_its_name_and_forgotten(
    client: Client, reader: User
) -> None:
    query = "status=open&modality=CT&page=3"

    kept = client.post("/accounts/views/worklist/", {"name": "CT only", "query": query})

    reader.refresh_from_db()
    assert kept["Location"] == f"{URL}?modality=CT&status=open"
    assert reader.preferences["worklist"] == {"CT only": "modality=CT&status=open"}
    assert "CT only" in client.get(kept["Location"]).content.decode()

    client.post("/accounts/views/worklist/", {"name": "CT only", "action": "forget"})

    reader.refresh_from_db()
    assert "worklist" not in reader.preferences


def test_names_with_script_are_shown_as_text(
    client: Client, reader: User, department: Department
) -> None:
    make_study(department, patient=make_patient("<script>alert(1)</script>"))

    text = client.get(f"{URL}?status=").content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_the_series_of_another_departments_study_are_not_there(
    client: Client, reader: User
) -> None:
    foreign = make_study(make_department())

    assert client.get(f"/studies/{foreign.id}/series/").status_code == 404
