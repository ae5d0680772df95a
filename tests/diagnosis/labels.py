"""Labelling projects for tests: two readers, an adjudicator, and what they say."""

from dataclasses import dataclass

from diagnosis.models import Label, LabelProject, Marks, Study
from diagnosis.services.label_loans import take_next
from diagnosis.services.label_projects import ProjectWish, create_label_project
from diagnosis.services.labelling import NewLabel, NewMark, label_study
from hospital.accounts.models import Department, Role, User
from tests.rows import make_department, make_person

LABELS = ["COVID", "NonCOVID"]


@dataclass(frozen=True, slots=True)
class Labelling:
    """A project and its people."""

    project: LabelProject
    manager: User
    first: User
    second: User
    third: User

    @property
    def department(self) -> Department:
        return self.project.department


def make_labelling(
    department: Department | None = None,
    *,
    readers: int = 2,
    marks: Marks = Marks.REGION,
    first: User | None = None,
) -> Labelling:
    department = department or make_department()
    manager = make_person(Role.MANAGER, department)
    first = first or make_person(Role.CLINICIAN, department)
    second, third = (make_person(Role.CLINICIAN, department) for _ in range(2))
    project = create_label_project(
        author=manager,
        wish=ProjectWish(
            department=department,
            name="Viral pneumonia",
            question="Does the CT show viral pneumonia?",
            labels=LABELS,
            marks=marks,
            readers_per_study=readers,
            readers=[first, second],
            adjudicators=[third],
        ),
    )
    return Labelling(project, manager, first, second, third)


def box_on(study: Study, *corners: float, answer: str = "COVID") -> NewMark:
    """Return a box on a study's one image: left, top, right, bottom."""
    left, top, right, bottom = corners
    image = study.series.get().instances.get()
    points = [(left, top), (right, bottom)]
    return NewMark("box", answer, image.sop_instance_uid, points)


def say(
    labelling: Labelling, reader: User, answer: str, *marks: NewMark, comment: str = ""
) -> Label:
    """Take the reader's next study and label it."""
    loan = take_next(project=labelling.project, reader=reader)
    assert loan is not None
    return label_study(loan=loan, reader=reader, said=NewLabel(answer, comment, marks))
