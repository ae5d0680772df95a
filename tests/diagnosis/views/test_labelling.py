"""The labelling pages: a blinded desk, a third who sees both, figures for overseers."""

import json
import re
from html import unescape
from http import HTTPStatus

import pytest
from django.test import Client

from diagnosis.models import Finding, Label, LabelLoan, LabelProject, Study
from diagnosis.services.label_loans import take_next
from diagnosis.services.label_projects import close_label_project
from hospital.accounts.models import Role, User
from tests.diagnosis.labels import LABELS, Labelling, box_on, make_labelling, say
from tests.rows import make_department, make_finding, make_person, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelling() -> Labelling:
    return make_labelling()


@pytest.fixture
def study(labelling: Labelling) -> Study:
    return make_study(labelling.department)


def desk_of(client: Client, labelling: Labelling, reader: User) -> str:
    """Sign a reader in, take the next study, and return its address."""
    client.force_login(reader)
    answer = client.post(f"/labelling/{labelling.project.id}/loans/")
    assert answer.status_code == HTTPStatus.FOUND
    return str(answer["Location"])


def test_the_desk_shows_neither_model_nor_patient_nor_the_other_reader(
    client: Client, labelling: Labelling, study: Study
) -> None:
    finding = make_finding(study, probability=0.8732)
    Finding.objects.update(saliency_digest="f" * 64)
    say(labelling, labelling.first, "COVID", comment="secret words")

    page = client.get(desk_of(client, labelling, labelling.second)).content.decode()

    assert labelling.project.question in page
    told = ("secret words", "ct-covid", "87 %", str(finding.id), "so far")
    assert [words for words in told if words in page] == []
    assert study.patient.hospital_number not in page
    assert labelling.first.username not in page


def test_no_address_tells_a_reader_what_the_other_said(
    client: Client, labelling: Labelling, study: Study
) -> None:
    said = say(labelling, labelling.first, "COVID", comment="secret words")
    say(labelling, labelling.second, "NonCOVID")
    theirs = LabelLoan.objects.get(reader=labelling.first)
    project = labelling.project.id
    client.force_login(labelling.second)

    hidden = {
        path: client.get(path).status_code
        for path in (
            f"/labelling/loans/{theirs.id}/",
            f"/labelling/{project}/agreement/",
            f"/labelling/{project}/exports/table/",
            f"/api/v1/labelling-projects/{project}/agreement/",
        )
    }
    shown = [
        client.get(path).content.decode()
        for path in (
            "/labelling/",
            f"/labelling/{project}/",
            f"/api/v1/labelling-projects/{project}/",
            f"/api/v1/labelling-projects/{project}/labels/",
        )
    ]

    assert set(hidden.values()) <= {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
    revision = client.post(f"/labelling/labels/{said.id}/revision/")
    assert revision.status_code == HTTPStatus.NOT_FOUND
    for text in shown:
        assert "secret words" not in text
        assert "dispute" not in text
        assert str(said.id) not in text


def test_a_label_with_marks_is_kept_and_the_next_study_opens(
    client: Client, labelling: Labelling, study: Study
) -> None:
    make_study(labelling.department)
    here = desk_of(client, labelling, labelling.first)
    held = Study.objects.get(id=LabelLoan.objects.get().study_id)
    mark = box_on(held, 4, 4, 20, 16)
    drawn = {
        "kind": "box",
        "answer": "COVID",
        "sop_instance_uid": mark.sop_instance_uid,
        "frame": 1,
        "points": [[4, 4], [20, 16]],
        "series": "/elsewhere/",
    }

    answer = client.post(here, {"answer": "COVID", "marks": json.dumps([drawn])})

    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"].startswith("/labelling/loans/")
    assert answer["Location"] != here
    kept = Label.objects.get()
    assert (kept.study, kept.author, kept.answer) == (held, labelling.first, "COVID")
    assert [m.points for m in kept.marks.all()] == [[[4, 4], [20, 16]]]


@pytest.mark.parametrize(
    "words",
    [
        {"answer": "Fracture"},
        {"answer": "COVID", "marks": "nonsense"},
        {"answer": "COVID", "marks": '[{"points": [[1, 2]], "frame": "x"}]'},
        {"answer": "COVID", "marks": "[1]"},
        {"answer": "COVID", "marks": "[" * 9_999},
        {
            "answer": "COVID",
            "marks": '[{"points": [], "frame": 1, "sop_instance_uid": "1\\u0000"}]',
        },
    ],
)
def test_what_is_no_label_is_refused_and_nothing_kept(
    client: Client, labelling: Labelling, study: Study, words: dict[str, str]
) -> None:
    answer = client.post(desk_of(client, labelling, labelling.first), words)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nothing was kept" in answer.content.decode()
    assert not Label.objects.exists()


def test_the_third_sees_both_without_their_names_and_decides(
    client: Client, labelling: Labelling, study: Study
) -> None:
    say(labelling, labelling.first, "COVID", box_on(study, 4, 4, 20, 16))
    say(labelling, labelling.second, "NonCOVID", comment="only vessels")

    here = desk_of(client, labelling, labelling.third)
    page = client.get(here).content.decode()

    assert "only vessels" in page
    assert labelling.first.username not in page
    client.post(here, {"answer": "NonCOVID"})
    assert Label.objects.filter(part="adjudicator", answer="NonCOVID").count() == 1


def test_the_third_takes_the_marks_of_both(
    client: Client, labelling: Labelling, study: Study
) -> None:
    say(labelling, labelling.first, "COVID", box_on(study, 4, 4, 20, 16))
    say(labelling, labelling.second, "COVID", box_on(study, 40, 40, 60, 60))
    here = desk_of(client, labelling, labelling.third)
    page = client.get(here).content.decode()
    others = re.findall(r'data-other-marks="([^"]*)"', page)

    assert "data-take-all" in page
    taken = [mark for drawn in others for mark in json.loads(unescape(drawn))]
    client.post(here, {"answer": "COVID", "marks": json.dumps(taken)})

    decided = Label.objects.get(part="adjudicator")
    drawn = sorted(mark.points for mark in decided.marks.all())
    assert drawn == [[[4, 4], [20, 16]], [[40, 40], [60, 60]]]


def test_a_skip_says_why(client: Client, labelling: Labelling, study: Study) -> None:
    here = desk_of(client, labelling, labelling.first)

    assert client.post(f"{here}skip/").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post(f"{here}skip/", {"reason": "I cannot tell."})

    assert LabelLoan.objects.get().reason == "I cannot tell."
    project = f"/labelling/{labelling.project.id}/"
    assert "I cannot tell." not in client.get(project).content.decode()
    client.force_login(labelling.manager)
    assert "I cannot tell." in client.get(project).content.decode()


def test_overseers_see_kappa_and_the_readers_only_when_it_is_closed(
    client: Client, labelling: Labelling
) -> None:
    for number, other in enumerate(["COVID", "NonCOVID", "NonCOVID"]):
        study = make_study(labelling.department)
        mine = "COVID" if number < 2 else "NonCOVID"
        say(labelling, labelling.first, mine, box_on(study, 0, 0, 10, 10))
        say(labelling, labelling.second, other, box_on(study, 5, 0, 15, 10))
    address = f"/labelling/{labelling.project.id}/agreement/"
    client.force_login(labelling.manager)

    page = client.get(address).content.decode()

    assert "0.40" in page  # 2 of 3 agree, 4 of 9 by chance
    assert "0.33" in page  # IoU of each
    assert "3 studies read by both" in page
    client.force_login(labelling.first)
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    close_label_project(
        project=labelling.project, author=labelling.manager, is_closed=True
    )
    assert client.get(address).status_code == HTTPStatus.OK


def test_a_manager_sets_a_project_up_and_is_told_what_does_not_fit(
    client: Client,
) -> None:
    department = make_department("radiology")
    reader = make_person(Role.CLINICIAN, department)
    client.force_login(make_person(Role.MANAGER, department))
    words = {
        "name": "Nodules",
        "department": "radiology",
        "modality": "CT",
        "question": "Is there a nodule?",
        "labels": "Nodule\n",
        "marks": "region",
        "readers_per_study": "1",
        "readers": [str(reader.id)],
    }

    refused = client.post("/labelling/new/", words)
    made = client.post("/labelling/new/", {**words, "labels": "Nodule\nNone\n"})

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "from 2 to 9 labels" in refused.content.decode()
    project = LabelProject.objects.get()
    assert made["Location"] == f"/labelling/{project.id}/"
    assert project.labels == ["Nodule", "None"]
    changed = client.get(f"/labelling/{project.id}/change/").content.decode()
    assert "Is there a nodule?" in changed


def test_labelling_over_rest(
    client: Client, labelling: Labelling, study: Study
) -> None:
    client.force_login(labelling.first)
    project = f"/api/v1/labelling-projects/{labelling.project.id}"
    mark = box_on(study, 4, 4, 20, 16)
    drawn = {
        "kind": "box",
        "answer": "COVID",
        "sop_instance_uid": mark.sop_instance_uid,
        "points": [[4, 4], [20, 16]],
    }

    listed = client.get("/api/v1/labelling-projects/").json()
    loan = client.post(f"{project}/loans/").json()
    label = client.post(
        f"/api/v1/labelling-loans/{loan['id']}/label/",
        {"answer": "COVID", "marks": [drawn]},
        content_type="application/json",
    )
    none_left = client.post(f"{project}/loans/")

    row = listed["results"][0]
    assert (row["labels"], row["part"]) == (LABELS, "reader")
    assert row["progress"] == {"studies": 1, "read": 0}
    assert loan["study"] == str(study.id)
    assert label.status_code == HTTPStatus.CREATED, label.content
    assert label.json()["marks"] == [{**drawn, "frame": 1}]
    assert none_left.status_code == HTTPStatus.NO_CONTENT


def test_a_project_is_set_up_over_rest_by_names(client: Client) -> None:
    department = make_department("radiology")
    reader = make_person(Role.CLINICIAN, department)
    client.force_login(make_person(Role.MANAGER, department))
    words = {
        "name": "Nodules",
        "department": "radiology",
        "question": "Is there a nodule?",
        "labels": ["Nodule", "None"],
        "readers": [reader.username],
    }

    def sent(**changes: object) -> int:
        return client.post(
            "/api/v1/labelling-projects/",
            {**words, **changes},
            content_type="application/json",
        ).status_code

    assert sent(readers=["nobody"]) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sent(department="elsewhere") == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sent() == HTTPStatus.CREATED
    assert sent() == HTTPStatus.CONFLICT
    project = LabelProject.objects.get()
    make_study(department)
    assert take_next(project=project, reader=reader) is not None
