"""A clinician judges what a model said; each judgement is kept, the newest counts."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from diagnosis.models import Finding, Study, StudyStatus, Verdict, VerdictKind
from hospital.accounts.models import Role, User
from hospital.core.errors import Conflict, InvalidInput, NotPermitted


@transaction.atomic
def judge_finding(
    *, finding: Finding, reader: User, verdict: str, label: str = "", comment: str = ""
) -> Verdict:
    """Keep a verdict; the first to judge a study becomes its reader.

    Raises:
        NotPermitted: The person is no clinician.
        InvalidInput: There is no such verdict, or a correction names no known label.
        Conflict: The study is signed.
    """
    if reader.role != Role.CLINICIAN:
        raise NotPermitted(
            _("Only a clinician may judge a finding."), code="clinicians_only"
        )
    _check_words(finding, verdict, label)
    study = Study.objects.select_for_update(of=("self",)).get(id=finding.study_id)
    if study.status == StudyStatus.SIGNED:
        raise Conflict(
            _("The study is signed; its findings can no longer be judged."),
            code="study_signed",
        )
    if study.reader_id is None:
        study.reader = reader
        study.save(update_fields=["reader", "updated"])
    return Verdict.objects.create(
        finding=finding,
        reader=reader,
        verdict=verdict,
        label=label if verdict == VerdictKind.CORRECTED else "",
        comment=comment,
    )


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
