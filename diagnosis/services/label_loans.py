"""A study is lent to one reader for a while: taken, given back, skipped."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.models import (
    Label,
    LabelLoan,
    LabelProject,
    LoanOutcome,
    Part,
    Study,
)
from diagnosis.selectors.labelling import (
    part_of,
    waiting_for_adjudicator,
    waiting_for_reader,
)
from diagnosis.services.reader import require_reader
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted

LENT_FOR = timedelta(minutes=30)


@transaction.atomic
def take_next(*, project: LabelProject, reader: User) -> LabelLoan | None:
    """Lend the next study to a reader or an adjudicator; None where nothing waits.

    Who has a study already keeps it, for the whole time again.

    Raises:
        NotPermitted: The person has no part in the project.
        Conflict: It is closed.
    """
    row = locked(project)
    part = require_part(reader, row)
    require_open(row)
    held = _held(row, reader)
    if held:
        return _extended(held)
    waiting = waiting_for_reader if part == Part.READER else waiting_for_adjudicator
    study = waiting(row, reader, now=timezone.now()).first()
    return _lent(row, study, reader, part) if study else None


@transaction.atomic
def take_again(*, label: Label, reader: User) -> LabelLoan:
    """Lend a study again to whoever labelled it, to say something else.

    Raises:
        NotPermitted: The label is another person's.
        Conflict: The project is closed, or the label was superseded.
    """
    row = locked(label.project)
    part = require_part(reader, row)
    require_open(row)
    if label.author_id != reader.id:
        raise NotPermitted(_("This label is another person's."), code="not_yours")
    if Label.objects.filter(supersedes=label).exists():
        raise Conflict(
            _("You have said something newer since; change that."), code="superseded"
        )
    held = _held(row, reader)
    if held and held.study_id == label.study_id:
        return _extended(held)
    if held:
        end_loan(held, LoanOutcome.RETURNED)
    return _lent(row, label.study, reader, part)


@transaction.atomic
def skip_loan(*, loan: LabelLoan, reader: User, reason: str) -> LabelLoan:
    """Give a study back unlabelled; this reader is not offered it again.

    Raises:
        NotPermitted: It was lent to another person.
        InvalidInput: No reason is given.
        Conflict: It was labelled or given back already.
    """
    locked(loan.project)
    row = LabelLoan.objects.select_for_update().get(id=loan.id)
    require_own(row, reader)
    if not reason.strip():
        told = _("Say why you skip the study.")
        raise InvalidInput(told, code="no_reason", fields={"reason": [told]})
    if row.outcome in (LoanOutcome.LABELLED, LoanOutcome.SKIPPED):
        raise Conflict(_("This study is done with already."), code="loan_ended")
    row.reason = reason.strip()[:300]
    end_loan(row, LoanOutcome.SKIPPED)
    return row


def locked(project: LabelProject) -> LabelProject:
    """Return the project's row, held: who takes and who labels do so in turn."""
    return LabelProject.objects.select_for_update().get(id=project.id)


def require_part(user: User, project: LabelProject) -> str:
    """Return what a person does in a project.

    Raises:
        NotPermitted: Nothing.
    """
    part = part_of(user, project)
    if not part:
        raise NotPermitted(
            _("You are not named in this project. Ask whoever set it up."),
            code="not_a_member",
        )
    return part


def require_open(project: LabelProject) -> None:
    """Refuse to go on with a closed project."""
    if project.closed:
        raise Conflict(
            _("This project is closed; nothing was changed."), code="project_closed"
        )


def require_own(loan: LabelLoan, reader: User) -> None:
    """Refuse everyone but the one to whom the study was lent, of its department still."""
    if loan.reader_id != reader.id:
        raise NotPermitted(
            _("This study was lent to another person."), code="not_yours"
        )
    refusal = _("Only a clinician may label.")
    require_reader(reader, loan.study, refusal=refusal)


def end_loan(loan: LabelLoan, outcome: LoanOutcome) -> None:
    """Let a loan end, in whichever way."""
    loan.ended, loan.outcome = timezone.now(), outcome
    loan.save(update_fields=["ended", "outcome", "reason", "updated"])


def _held(project: LabelProject, reader: User) -> LabelLoan | None:
    """Return what a reader holds; what was held too long is given back."""
    now = timezone.now()
    held = LabelLoan.objects.filter(project=project, reader=reader, ended=None).first()
    if held and held.until <= now:
        end_loan(held, LoanOutcome.RETURNED)
        return None
    return held


def _extended(loan: LabelLoan) -> LabelLoan:
    loan.until = timezone.now() + LENT_FOR
    loan.save(update_fields=["until", "updated"])
    return loan


def _lent(project: LabelProject, study: Study, reader: User, part: str) -> LabelLoan:
    require_reader(reader, study, refusal=_("Only a clinician may label."))
    return LabelLoan.objects.create(
        project=project,
        study=study,
        reader=reader,
        part=part,
        until=timezone.now() + LENT_FOR,
    )
