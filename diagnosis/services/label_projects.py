"""A labelling project is set up, changed and closed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.models import Label, LabelMember, LabelProject, Marks, Part
from diagnosis.selectors.labelling import OVERSEERS
from hospital.accounts.models import Department, Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted

FEWEST_LABELS, MOST_LABELS = 2, 9  # each has a number key
LONGEST_LABEL = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectWish:
    """What a project is to be."""

    department: Department
    name: str
    question: str
    labels: Sequence[str]
    marks: str = Marks.STUDY
    readers_per_study: int = 1
    guideline: str = ""
    modality: str = "CT"
    readers: Collection[User] = ()
    adjudicators: Collection[User] = ()


@transaction.atomic
def create_label_project(*, author: User, wish: ProjectWish) -> LabelProject:
    """Set up a project.

    Raises:
        NotPermitted: The person is neither an administrator nor the department's manager.
        InvalidInput: The labels or the people do not fit; the field is named.
        Conflict: The department has a project of that name.
    """
    require_overseer(author, wish.department)
    labels = checked_labels(wish.labels)
    _check_people(wish)
    project = LabelProject(
        department=wish.department, labels=labels, created_by=author, **_words(wish)
    )
    _save(project)
    _set_members(project, wish)
    return project


@transaction.atomic
def change_label_project(
    *, project: LabelProject, author: User, wish: ProjectWish
) -> LabelProject:
    """Change a project; what its labels rest on stays once there are any.

    Raises:
        NotPermitted: The person is neither an administrator nor the department's manager.
        InvalidInput: The labels or the people do not fit.
        Conflict: There are labels already, or the name is taken.
    """
    row = LabelProject.objects.select_for_update().get(id=project.id)
    require_overseer(author, row.department)
    labels = checked_labels(wish.labels)
    _check_people(wish)
    before = (row.department_id, row.labels, row.marks, row.readers_per_study)
    after = (wish.department.id, labels, wish.marks, wish.readers_per_study)
    if before != after and Label.objects.filter(project=row).exists():
        raise Conflict(
            _(
                "Somebody has labelled already: department, labels, marks and number of "
                "readers stay as they are. Set up another project for another question."
            ),
            code="has_labels",
        )
    row.department, row.labels = wish.department, labels
    for name, value in _words(wish).items():
        setattr(row, name, value)
    _save(row)
    _set_members(row, wish)
    return row


@transaction.atomic
def close_label_project(
    *, project: LabelProject, author: User, is_closed: bool
) -> LabelProject:
    """Let nobody label any more, or let them go on.

    Raises:
        NotPermitted: The person is neither an administrator nor the department's manager.
    """
    row = LabelProject.objects.select_for_update().get(id=project.id)
    require_overseer(author, row.department)
    if is_closed != (row.closed is not None):
        row.closed = timezone.now() if is_closed else None
        row.save(update_fields=["closed", "updated"])
    return row


def require_overseer(user: User, department: Department) -> None:
    """Refuse everyone but administrators and the department's managers."""
    if user.role not in OVERSEERS:
        raise NotPermitted(
            _("Only an administrator or a manager sets up labelling."),
            code="overseers_only",
        )
    is_own = user.memberships.filter(department=department).exists()
    if user.role == Role.MANAGER and not is_own:
        raise NotPermitted(
            _("This is another department's project."), code="other_department"
        )


def checked_labels(labels: Sequence[str]) -> list[str]:
    """Return the labels, trimmed.

    Raises:
        InvalidInput: There are too few or too many, or one is there twice.
    """
    trimmed = [label.strip() for label in labels if label.strip()]
    told = ""
    if not FEWEST_LABELS <= len(trimmed) <= MOST_LABELS:
        told = _("Name from %(fewest)s to %(most)s labels, one a line.") % {
            "fewest": FEWEST_LABELS,
            "most": MOST_LABELS,
        }
    elif len({label.casefold() for label in trimmed}) < len(trimmed):
        told = _("Each label stands there once.")
    elif any(len(label) > LONGEST_LABEL for label in trimmed):
        told = _("A label has at most %(most)s letters.") % {"most": LONGEST_LABEL}
    if told:
        raise InvalidInput(told, code="labels", fields={"labels": [told]})
    return trimmed


def _check_people(wish: ProjectWish) -> None:
    readers = {user.id for user in wish.readers}
    adjudicators = {user.id for user in wish.adjudicators}
    if readers & adjudicators:
        _refuse(
            "adjudicators",
            _("Whoever decides is a third person: nobody reads and decides as well."),
        )
    if len(readers) < wish.readers_per_study:
        _refuse("readers", _("Name as many readers as each study needs, or more."))
    for field, people in (
        ("readers", wish.readers),
        ("adjudicators", wish.adjudicators),
    ):
        for user in people:
            belongs = user.memberships.filter(department=wish.department).exists()
            if user.role != Role.CLINICIAN or not belongs:
                words = _("%(person)s is no clinician of the department.")
                _refuse(field, words % {"person": user})


def _refuse(field: str, told: str) -> None:
    raise InvalidInput(told, code=field, fields={field: [told]})


def _words(wish: ProjectWish) -> dict[str, object]:
    return {
        "name": wish.name.strip(),
        "question": wish.question.strip(),
        "marks": wish.marks,
        "readers_per_study": wish.readers_per_study,
        "guideline": wish.guideline.strip(),
        "modality": wish.modality,
    }


def _save(project: LabelProject) -> None:
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        told = _("The department has a project of that name.")
        raise Conflict(told, code="name_taken", fields={"name": [told]}) from error


def _set_members(project: LabelProject, wish: ProjectWish) -> None:
    wanted = {user.id: Part.READER for user in wish.readers}
    wanted |= {user.id: Part.ADJUDICATOR for user in wish.adjudicators}
    kept = set()
    for member in project.members.all():
        if wanted.get(member.user_id) == member.part:
            kept.add(member.user_id)
        else:
            member.delete()
    LabelMember.objects.bulk_create(
        LabelMember(project=project, user_id=user_id, part=part)
        for user_id, part in wanted.items()
        if user_id not in kept
    )
