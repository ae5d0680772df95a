"""Results that somebody must be told of at once: raised, then acknowledged."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.critical import ACR_CATEGORY_1, is_critical
from diagnosis.labels import label_words
from diagnosis.models import CriticalResult, Study, Verdict, VerdictKind
from diagnosis.services.events import tell_department
from diagnosis.services.reader import require_reader
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput


@transaction.atomic
def raise_critical(*, study: Study, reader: User, reason: str) -> CriticalResult:
    """Mark a study's result as critical; it cannot be signed before somebody is told.

    The study is locked, so that no signature slips in between.

    Raises:
        NotPermitted: The person is no clinician of the study's department.
        InvalidInput: No reason is given.
    """
    study = Study.objects.select_for_update(of=("self",)).get(id=study.id)
    require_reader(
        reader, study, refusal=_("Only a clinician may raise a critical result.")
    )
    if not reason.strip():
        message = _("Say what is critical.")
        raise InvalidInput(message, code="reason_missing", fields={"reason": [message]})
    tell_department(study, "critical")
    return CriticalResult.objects.create(
        study=study, reason=reason.strip()[:300], raised_by=reader
    )


def raise_if_critical(verdict: Verdict) -> CriticalResult | None:
    """Raise a critical result where a verdict upholds a label of the hospital's list.

    A finding raises one once, however often it is judged.
    """
    finding = verdict.finding
    corrected = verdict.verdict == VerdictKind.CORRECTED
    label = verdict.label if corrected else finding.label
    if verdict.verdict == VerdictKind.REJECTED or not is_critical(
        label,
        probability=None if corrected else finding.probability,
        thresholds={**ACR_CATEGORY_1, **settings.CRITICAL_FINDINGS},
    ):
        return None
    critical, is_new = CriticalResult.objects.get_or_create(
        finding=finding,
        defaults={
            "study": finding.study,
            "reason": label_words(label),
            "raised_by": verdict.reader,
        },
    )
    if is_new:
        tell_department(finding.study, "critical")
    return critical


@transaction.atomic
def acknowledge_critical(
    *, critical: CriticalResult, reader: User, note: str
) -> CriticalResult:
    """Keep who was told of a critical result, and how.

    Raises:
        NotPermitted: The person is no clinician of the study's department.
        InvalidInput: It is not said who was told.
        Conflict: It was acknowledged before.
    """
    row = CriticalResult.objects.select_for_update(of=("self",)).get(id=critical.id)
    require_reader(
        reader,
        row.study,
        refusal=_("Only a clinician may acknowledge a critical result."),
    )
    if row.is_acknowledged:
        raise Conflict(
            _("This critical result was already acknowledged."),
            code="already_acknowledged",
        )
    if not note.strip():
        message = _("Say whom you told, and how.")
        raise InvalidInput(message, code="note_missing", fields={"note": [message]})
    row.acknowledged_by = reader
    row.acknowledged = timezone.now()
    row.note = note.strip()[:500]
    row.save(update_fields=["acknowledged_by", "acknowledged", "note", "updated"])
    tell_department(row.study, "critical")
    return row
