"""A reader says what a study shows; what was said stays, the newest counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.label_sentences import REGION_SENTENCES
from diagnosis.labelling.meeting import meeting
from diagnosis.labelling.regions import Region, RegionError, region
from diagnosis.models import (
    Instance,
    Label,
    LabelLoan,
    LabelMark,
    LabelProject,
    LoanOutcome,
    MarkDispute,
    Part,
    Study,
)
from diagnosis.selectors.labelling import current_labels, marks_by_label
from diagnosis.services.label_loans import (
    end_loan,
    locked,
    require_open,
    require_own,
    require_part,
)
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput

MOST_MARKS = 100


@dataclass(frozen=True, slots=True)
class NewMark:
    """A box or polygon as it was drawn on a frame of an instance."""

    kind: str
    answer: str
    sop_instance_uid: str
    points: Sequence[Sequence[float]]
    frame: int = 1


@dataclass(frozen=True, slots=True)
class NewLabel:
    """What is said of a study."""

    answer: str
    comment: str = ""
    marks: Sequence[NewMark] = ()


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark that was checked against its image."""

    region: Region
    answer: str
    instance: Instance
    frame: int


@transaction.atomic
def label_study(*, loan: LabelLoan, reader: User, said: NewLabel) -> Label:
    """Keep what a reader said of the study lent to them; the loan ends with it.

    Saying the same again changes nothing and returns the label that stands.

    Raises:
        NotPermitted: The study was lent to another person.
        InvalidInput: There is no such label, or a mark lies nowhere.
        Conflict: The project is closed, the study was skipped, or it was lent too long
            ago and others have read it since.
    """
    project = locked(loan.project)
    row = LabelLoan.objects.select_for_update().get(id=loan.id)
    require_own(row, reader)
    part = require_part(reader, project)
    require_open(project)
    if row.outcome == LoanOutcome.SKIPPED:
        raise Conflict(_("You have skipped this study."), code="loan_ended")
    placed = placed_marks(said, project=project, study=row.study)
    if part == Part.READER:
        _require_room(project, row.study, reader)
    label = keep_label(
        project=project,
        study=row.study,
        author=reader,
        part=part,
        said=said,
        placed=placed,
    )
    if row.outcome != LoanOutcome.LABELLED:
        end_loan(row, LoanOutcome.LABELLED)
    return label


def keep_label(
    *,
    project: LabelProject,
    study: Study,
    author: User,
    part: str,
    said: NewLabel,
    placed: Sequence[PlacedMark],
    imported_by: User | None = None,
) -> Label:
    """Write a label over the author's last, unless it says the same; returns what stands.

    The caller holds the project's row.
    """
    last = (
        Label.objects.filter(project=project, study=study, author=author)
        .filter(superseded_by=None)
        .first()
    )
    comment = said.comment.strip()[:1000]
    if last and says_the_same(last, part, said.answer, comment, placed):
        return last
    label = Label.objects.create(
        project=project,
        study=study,
        author=author,
        part=part,
        answer=said.answer,
        comment=comment,
        supersedes=last,
        imported_by=imported_by,
    )
    LabelMark.objects.bulk_create(
        LabelMark(
            label=label,
            number=number,
            kind=mark.region.kind,
            answer=mark.answer,
            instance=mark.instance,
            frame=mark.frame,
            points=[list(point) for point in mark.region.points],
        )
        for number, mark in enumerate(placed, start=1)
    )
    if part == Part.READER and project.marks_regions:
        _keep_disputes(label)
    return label


def _keep_disputes(label: Label) -> None:
    """Note from which other readers' marks a label's own lie apart, once and for all."""
    read = current_labels(label.project).filter(study=label.study, part=Part.READER)
    marks = marks_by_label(read)
    MarkDispute.objects.bulk_create(
        MarkDispute(earlier=other, later=label)
        for other in read.filter(answer=label.answer).exclude(id=label.id)
        if meeting(marks.get(other.id, ()), marks.get(label.id, ())).lies_apart
    )


def says_the_same(
    last: Label, part: str, answer: str, comment: str, placed: Sequence[PlacedMark]
) -> bool:
    """Whether a label says just this."""
    if (last.part, last.answer, last.comment) != (part, answer, comment):
        return False
    before = [
        (m.kind, m.answer, m.instance_id, m.frame, m.points) for m in last.marks.all()
    ]
    now = [
        (m.region.kind, m.answer, m.instance.id, m.frame, [*map(list, m.region.points)])
        for m in placed
    ]
    return before == now


def placed_marks(
    said: NewLabel, *, project: LabelProject, study: Study
) -> list[PlacedMark]:
    """Return the marks of a label, each on its image.

    Raises:
        InvalidInput: The answer is none of the project's labels, or a mark is wrong.
    """
    if said.answer not in project.labels:
        told = _("Choose one of: %(labels)s.") % {"labels": ", ".join(project.labels)}
        raise InvalidInput(told, code="unknown_label", fields={"answer": [told]})
    if said.marks and not project.marks_regions:
        _refuse_marks(_("In this project the study alone is labelled."), "no_marks")
    if len(said.marks) > MOST_MARKS:
        words = _("At most %(most)s marks belong to one label.")
        _refuse_marks(words % {"most": MOST_MARKS}, "too_many")
    wanted = {mark.sop_instance_uid for mark in said.marks}
    images = {
        image.sop_instance_uid: image
        for image in Instance.objects.filter(
            series__study=study, sop_instance_uid__in=wanted
        )
    }
    return [
        _placed(mark, images.get(mark.sop_instance_uid), project, number)
        for number, mark in enumerate(said.marks, start=1)
    ]


def _placed(
    mark: NewMark, image: Instance | None, project: LabelProject, number: int
) -> PlacedMark:
    try:
        return place(mark, image, labels=project.labels)
    except RegionError as error:
        words = _("Mark %(number)s: %(why)s") % {
            "number": number,
            "why": REGION_SENTENCES[error.code],
        }
        _refuse_marks(words, error.code)
        raise


def place(
    mark: NewMark, image: Instance | None, *, labels: Sequence[str]
) -> PlacedMark:
    """Return a mark on its image.

    Raises:
        RegionError: It lies on no image of the study, or is no region of it.
    """
    if image is None or not 1 <= mark.frame <= image.frames:
        raise RegionError("no_image")
    if mark.answer not in labels:
        raise RegionError("label")
    drawn = region(
        mark.kind, mark.points, rows=image.rows or 0, columns=image.columns or 0
    )
    return PlacedMark(drawn, mark.answer, image, mark.frame)


def _refuse_marks(told: str, code: str) -> None:
    raise InvalidInput(told, code=code, fields={"marks": [told]})


def _require_room(project: LabelProject, study: Study, reader: User) -> None:
    """Refuse one reader too many: the loan was over, and another has read meanwhile."""
    first = Label.objects.filter(
        project=project, study=study, part=Part.READER, supersedes=None
    )
    if first.filter(author=reader).exists():
        return
    if first.count() >= project.readers_per_study:
        raise Conflict(
            _(
                "You had this study for too long, and it was read by others meanwhile. "
                "Nothing was kept; take the next one."
            ),
            code="read_by_others",
        )
