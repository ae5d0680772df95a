"""A clinician judges what a model said; each judgement is kept, the newest counts."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from diagnosis.models import Finding, Study, StudyStatus, Verdict, VerdictKind
from diagnosis.services.critical import raise_if_critical
from diagnosis.services.reader import require_reader
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput

LONGEST_COMMENT = 1000


@transaction.atomic
def judge_finding(
    *, finding: Finding, reader: User, verdict: str, label: str = "", comment: str = ""
) -> Verdict:
    """Keep a verdict; the first to judge a study becomes its reader.

    Saying the same again changes nothing and returns the verdict that stands.

    Raises:
        NotPermitted: The person is no clinician of the study's department.
        InvalidInput: There is no such verdict, or a correction names no known label.
        Conflict: The study is signed.
    """
    study = Study.objects.select_for_update(of=("self",)).get(id=finding.study_id)
    require_reader(reader, study, refusal=_("Only a clinician may judge a finding."))
    _check_words(finding, verdict, label)
    if study.status == StudyStatus.SIGNED:
        raise Conflict(
            _("The study is signed; its findings can no longer be judged."),
            code="study_signed",
        )
    label = label if verdict == VerdictKind.CORRECTED else ""
    comment = comment.strip()[:LONGEST_COMMENT]
    standing = finding.verdicts.first()
    if standing and _says(standing, reader, verdict, label, comment):
        return standing
    if study.reader_id is None:
        study.reader = reader
        study.save(update_fields=["reader", "updated"])
    judged = Verdict.objects.create(
        finding=finding, reader=reader, verdict=verdict, label=label, comment=comment
    )
    raise_if_critical(judged)
    return judged


def _says(
    standing: Verdict, reader: User, verdict: str, label: str, comment: str
) -> bool:
    same = (standing.verdict, standing.label, standing.comment)
    return standing.reader_id == reader.id and same == (verdict, label, comment)


def _check_words(finding: Finding, verdict: str, label: str) -> None:
    if verdict not in VerdictKind.values:
        raise InvalidInput(
            _("A verdict is accepted, corrected or rejected."),
            code="unknown_verdict",
            fields={"verdict": [verdict]},
        )
    if verdict == VerdictKind.ACCEPTED and finding.abstained:
        raise InvalidInput(
            _("The model gave no answer that could be accepted."), code="abstained"
        )
    if verdict == VerdictKind.CORRECTED and label not in finding.probabilities:
        raise InvalidInput(
            _("A correction names one of the model's labels."),
            code="unknown_label",
            fields={"label": [label]},
        )
