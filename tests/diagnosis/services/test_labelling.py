"""Studies are lent, labelled, skipped and decided; labels stay."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import InternalError, transaction
from django.utils import timezone

from diagnosis.labelling.standing import State
from diagnosis.models import (
    Finding,
    Label,
    LabelLoan,
    LabelProject,
    MarkDispute,
    ModelActivation,
)
from diagnosis.selectors.labelling import (
    label_loans_visible_to,
    label_projects_visible_to,
    labels_visible_to,
    standings_of,
    waiting_for_adjudicator,
    waiting_for_reader,
)
from diagnosis.services.label_loans import skip_loan, take_again, take_next
from diagnosis.services.label_projects import (
    ProjectWish,
    change_label_project,
    close_label_project,
    create_label_project,
)
from diagnosis.services.labelling import NewLabel, label_study
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_for
from hospital.core.errors import Conflict, DomainError, InvalidInput, NotPermitted
from tests.diagnosis.labels import LABELS, box_on, make_labelling, say
from tests.rows import (
    make_department,
    make_finding,
    make_person,
    make_principal,
    make_study,
)

pytestmark = pytest.mark.django_db


def test_the_most_uncertain_study_comes_first_and_the_refused_last() -> None:
    labelling = make_labelling()
    ModelActivation.objects.create(name="m", version="1", digest="a" * 64)
    refused, unread, sure, unsure, grey, other_model = (
        make_study(labelling.department) for _ in range(6)
    )
    for study, probability, code in (
        (refused, 0.5, "other_body_part"),
        (sure, 0.97, ""),
        (unsure, 0.44, ""),
        (grey, 0.4, "grey_zone"),
    ):
        made = make_finding(study, probability=probability, model_digest="a" * 64)
        Finding.objects.filter(id=made.id).update(
            positive_probability=probability, abstained=bool(code), reason_code=code
        )
    make_finding(other_model, probability=0.5)
    make_study(make_department())

    waiting = waiting_for_reader(labelling.project, labelling.first, now=timezone.now())

    assert list(waiting) == [grey, unsure, sure, unread, other_model, refused]


def test_a_study_is_lent_to_as_many_as_shall_read_it() -> None:
    labelling = make_labelling(readers=1)
    make_study(labelling.department)

    held = take_next(project=labelling.project, reader=labelling.first)

    assert held is not None
    assert take_next(project=labelling.project, reader=labelling.second) is None
    assert take_next(project=labelling.project, reader=labelling.first) == held
    LabelLoan.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert take_next(project=labelling.project, reader=labelling.second) is not None


def test_a_label_after_ones_time_is_kept_unless_others_have_read_meanwhile() -> None:
    labelling = make_labelling(readers=1)
    make_study(labelling.department)
    late = take_next(project=labelling.project, reader=labelling.first)
    assert late is not None
    LabelLoan.objects.update(until=timezone.now() - timedelta(seconds=1))
    say(labelling, labelling.second, "COVID")

    with pytest.raises(Conflict, match="read by others"):
        label_study(loan=late, reader=labelling.first, said=NewLabel("NonCOVID"))

    assert [label.author for label in Label.objects.all()] == [labelling.second]


def test_a_skip_needs_a_reason_and_is_not_offered_again() -> None:
    labelling = make_labelling()
    make_study(labelling.department)
    loan = take_next(project=labelling.project, reader=labelling.first)
    assert loan is not None

    with pytest.raises(InvalidInput):
        skip_loan(loan=loan, reader=labelling.first, reason="  ")
    with pytest.raises(NotPermitted):
        skip_loan(loan=loan, reader=labelling.second, reason="blurred")
    skip_loan(loan=loan, reader=labelling.first, reason="blurred")

    assert take_next(project=labelling.project, reader=labelling.first) is None
    assert take_next(project=labelling.project, reader=labelling.second) is not None
    with pytest.raises(Conflict):
        label_study(loan=loan, reader=labelling.first, said=NewLabel("COVID"))


def test_a_label_is_superseded_never_changed() -> None:
    labelling = make_labelling()
    study = make_study(labelling.department)
    first = say(labelling, labelling.first, "COVID", box_on(study, 4, 4, 9, 9))
    loan = take_again(label=first, reader=labelling.first)
    same = NewLabel("COVID", marks=[box_on(study, 4, 4, 9, 9)])
    assert label_study(loan=loan, reader=labelling.first, said=same) == first

    loan = take_again(label=first, reader=labelling.first)
    newer = label_study(loan=loan, reader=labelling.first, said=NewLabel("NonCOVID"))

    assert newer.supersedes == first
    assert first.marks.count() == 1
    with pytest.raises(Conflict, match="newer"):
        take_again(label=first, reader=labelling.first)
    with pytest.raises(InternalError), transaction.atomic():
        Label.objects.filter(id=first.id).update(answer="NonCOVID")


@pytest.mark.parametrize(
    ("answer", "corners", "field", "why"),
    [
        ("Fracture", None, "answer", "COVID, NonCOVID"),
        ("COVID", (0, 0, 513, 9), "marks", "Mark 1: it reaches beyond the image."),
        ("COVID", (5, 5, 5, 9), "marks", "Mark 1: it is smaller than a pixel."),
    ],
)
def test_what_fits_no_label_or_image_is_refused_by_field(
    answer: str, corners: tuple[float, ...] | None, field: str, why: str
) -> None:
    labelling = make_labelling()
    study = make_study(labelling.department)
    marks = [box_on(study, *corners)] if corners else []

    with pytest.raises(InvalidInput) as refused:
        say(labelling, labelling.first, answer, *marks)

    assert why in refused.value.fields[field][0]
    assert not Label.objects.exists()


def test_two_who_disagree_are_decided_by_a_third() -> None:
    labelling = make_labelling()
    study = make_study(labelling.department)
    assert take_next(project=labelling.project, reader=labelling.third) is None
    say(labelling, labelling.first, "COVID")
    assert standings_of(labelling.project)[study.id].state == State.WAITING
    say(labelling, labelling.second, "NonCOVID")
    assert standings_of(labelling.project)[study.id].state == State.DISPUTED

    decided = say(labelling, labelling.third, "COVID")

    stands = standings_of(labelling.project)[study.id]
    assert (stands.state, stands.stands) == (State.SETTLED, decided.id)
    assert take_next(project=labelling.project, reader=labelling.third) is None


def test_marks_that_lie_apart_are_decided_by_a_third_too() -> None:
    labelling = make_labelling()
    study = make_study(labelling.department)
    say(labelling, labelling.first, "COVID", box_on(study, 0, 0, 9, 9))
    second = say(labelling, labelling.second, "COVID", box_on(study, 40, 0, 49, 9))
    assert standings_of(labelling.project)[study.id].state == State.DISPUTED
    offered = waiting_for_adjudicator(
        labelling.project, labelling.third, now=timezone.now()
    )
    assert list(offered) == [study]

    loan = take_again(label=second, reader=labelling.second)
    same = NewLabel("COVID", marks=[box_on(study, 1, 0, 9, 9)])
    label_study(loan=loan, reader=labelling.second, said=same)

    assert standings_of(labelling.project)[study.id].state == State.SETTLED
    assert take_next(project=labelling.project, reader=labelling.third) is None


def test_what_was_settled_is_not_judged_again_by_another_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labelling = make_labelling()
    study = make_study(labelling.department)
    first = say(labelling, labelling.first, "COVID", box_on(study, 0, 0, 10, 10))
    say(labelling, labelling.second, "COVID", box_on(study, 3, 0, 13, 10))  # IoU 0.54

    monkeypatch.setattr("diagnosis.labelling.meeting.LEAST_OVERLAP", 0.6)

    standing = standings_of(labelling.project)[study.id]
    assert (standing.state, standing.stands) == (State.SETTLED, first.id)
    assert take_next(project=labelling.project, reader=labelling.third) is None


@pytest.mark.parametrize(
    ("is_closed", "state"), [(False, State.DISPUTED), (True, State.SETTLED)]
)
def test_disputes_of_before_are_noted_in_open_projects_alone(
    is_closed: bool,  # noqa: FBT001 (a parameter of the table)
    state: State,
) -> None:
    labelling = make_labelling()
    study = make_study(labelling.department)
    say(labelling, labelling.first, "COVID", box_on(study, 0, 0, 9, 9))
    say(labelling, labelling.second, "COVID", box_on(study, 40, 0, 49, 9))
    MarkDispute.objects.all().delete()
    close_label_project(
        project=labelling.project, author=labelling.manager, is_closed=is_closed
    )

    migration = import_module(
        "diagnosis.migrations.0009_open_projects_note_their_disputes"
    )
    migration.note_disputes(apps, None)

    assert standings_of(labelling.project)[study.id].state == state


def test_labels_visible_to_a_reader_are_their_own_and_to_the_third_those_of_both() -> (
    None
):
    labelling = make_labelling()
    both, half = make_study(labelling.department), make_study(labelling.department)
    said = {
        (study, reader): say(labelling, reader, answer)
        for study, reader, answer in (
            (both, labelling.first, "COVID"),
            (both, labelling.second, "NonCOVID"),
            (half, labelling.first, "COVID"),
        )
    }

    def seen(person: object) -> set[Label]:
        return set(labels_visible_to(principal_for(person)))  # type: ignore[arg-type]

    mine = {said[both, labelling.first], said[half, labelling.first]}
    assert seen(labelling.first) == mine
    assert seen(labelling.second) == {said[both, labelling.second]}
    decidable = {said[both, labelling.first], said[both, labelling.second]}
    assert seen(labelling.third) == decidable
    assert seen(labelling.manager) == set()
    assert seen(make_person(Role.ADMINISTRATOR)) == set(said.values())


def test_label_projects_visible_to_members_and_overseers() -> None:
    labelling = make_labelling()
    department, project = labelling.department, labelling.project
    make_study(department)
    loan = take_next(project=project, reader=labelling.first)

    def seen(principal: object) -> list[LabelProject]:
        return list(label_projects_visible_to(principal))  # type: ignore[arg-type]

    assert seen(principal_for(labelling.first)) == [project]
    assert seen(make_principal(Role.MANAGER, department)) == [project]
    for role in (Role.CLINICIAN, Role.NURSE, Role.INTEGRATOR, Role.PATIENT):
        assert seen(make_principal(role, department)) == []
    assert seen(make_principal(Role.MANAGER, make_department())) == []
    assert list(label_loans_visible_to(principal_for(labelling.first))) == [loan]
    assert not label_loans_visible_to(principal_for(labelling.second)).exists()


def test_a_closed_project_takes_no_labels_until_it_is_opened_again() -> None:
    labelling = make_labelling()
    make_study(labelling.department)
    loan = take_next(project=labelling.project, reader=labelling.first)
    assert loan is not None
    change = {"project": labelling.project, "author": labelling.manager}

    close_label_project(**change, is_closed=True)
    with pytest.raises(Conflict, match="closed"):
        label_study(loan=loan, reader=labelling.first, said=NewLabel("COVID"))
    close_label_project(**change, is_closed=False)

    assert label_study(loan=loan, reader=labelling.first, said=NewLabel("COVID"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"labels": ["COVID"]}, "labels"),
        ({"labels": ["COVID", "covid "]}, "labels"),
        ({"readers": []}, "readers"),
        ({"adjudicators": "readers"}, "adjudicators"),
        ({"readers": "stranger"}, "readers"),
    ],
)
def test_a_project_that_cannot_work_is_refused(
    changes: dict[str, object], field: str
) -> None:
    department = make_department()
    reader = make_person(Role.CLINICIAN, department)
    people = {"readers": [reader], "stranger": [make_person(Role.CLINICIAN)]}
    words = {
        "department": department,
        "name": "A",
        "question": "B?",
        "labels": LABELS,
        "readers": [reader],
        **{key: people.get(str(value), value) for key, value in changes.items()},
    }

    with pytest.raises(InvalidInput) as refused:
        create_label_project(
            author=make_person(Role.MANAGER, department),
            wish=ProjectWish(**words),  # type: ignore[arg-type]
        )

    assert list(refused.value.fields) == [field]
    assert not LabelProject.objects.exists()


def test_what_labels_rest_on_stays_once_there_are_any() -> None:
    labelling = make_labelling()
    make_study(labelling.department)
    wish = ProjectWish(
        department=labelling.department,
        name="Renamed",
        question="Which?",
        labels=[*LABELS, "Other"],
        marks=labelling.project.marks,
        readers_per_study=2,
        readers=[labelling.first, labelling.second],
    )
    change = {"project": labelling.project, "author": labelling.manager}
    changed = change_label_project(**change, wish=wish)
    assert [m.user for m in changed.members.all()] == [
        labelling.first,
        labelling.second,
    ]
    say(labelling, labelling.first, "Other")

    with pytest.raises(Conflict, match="labelled already"):
        change_label_project(
            **change,
            wish=ProjectWish(
                department=labelling.department,
                name="Renamed",
                question="Which?",
                labels=LABELS,
                readers=[labelling.first],
            ),
        )
    with pytest.raises(DomainError):
        create_label_project(author=labelling.first, wish=wish)
