"""A report is drafted, edited by one version after the other, signed once, amended.

Every write locks the study's row first. So of two people who sign at the same moment
one wins and the other is told; the database itself refuses to change a signed report.
"""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from diagnosis.models import Report, ReportAddendum, Study, StudyStatus
from diagnosis.selectors import ai_assistance
from diagnosis.services.events import tell_department
from diagnosis.services.reader import require_reader
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput, PreconditionFailed
from hospital.records.models import DiagnosticReport, ReportStatus

DIAGNOSTIC_IMAGING_STUDY = "18748-4"  # LOINC


class StaleReport(PreconditionFailed):
    """Somebody else saved a newer version; `newer` is what they wrote."""

    def __init__(self, newer: Report | None) -> None:
        super().__init__(
            _(
                "The report was changed elsewhere since you opened it. "
                "Nothing of yours was overwritten or lost; compare and save again."
            ),
            code="report_changed",
        )
        self.newer = newer


@dataclass(frozen=True, slots=True)
class ReportText:
    """The three parts that a person writes."""

    technique: str
    findings: str
    impression: str


@transaction.atomic
def save_report(
    *, study: Study, author: User, text: ReportText, expected_version: int | None
) -> Report:
    """Keep a draft; the same text again is no new version.

    Args:
        study: Whose report.
        author: Who writes.
        text: All of the report, as it should be now.
        expected_version: The version that was edited, 0 where there was none; None
            for whichever there is.

    Raises:
        NotPermitted: The person is no clinician of the study's department.
        Conflict: The report is signed.
        StaleReport: The version is not the newest.
    """
    study = _locked(study)
    require_reader(author, study, refusal=_("Only a clinician may write the report."))
    report = Report.objects.filter(study=study).first()
    if report and report.is_signed:
        raise _already_signed(report)
    _check_version(report, expected_version)
    if report is None:
        report = Report(study=study, version=0)
    elif text == _text_of(report):
        return report
    for name, value in asdict(text).items():
        setattr(report, name, value)
    report.version += 1
    report.edited_by = author
    report.language = translation.get_language() or "en"
    report.save()
    _mark_reported(study, author)
    return report


@transaction.atomic
def sign_report(
    *, study: Study, signer: User, expected_version: int | None = None
) -> Report:
    """Sign the report for good and hand it to the patient's record.

    The caller has made sure that the signer is who they say, a moment ago.

    Raises:
        NotPermitted: The person is no clinician of the study's department.
        InvalidInput: There is no report yet, or it has no impression.
        Conflict: It is signed already, or a critical result waits for acknowledgement.
        StaleReport: The version that the signer saw is not the newest.
    """
    study = _locked(study)
    require_reader(signer, study, refusal=_("Only a clinician may sign a report."))
    report = Report.objects.filter(study=study).first()
    if report and report.is_signed:
        raise _already_signed(report)
    _check_version(report, expected_version)
    report = _ready_to_sign(report, study)
    now = timezone.now()
    report.assistance = ai_assistance(study)
    report.record = DiagnosticReport.objects.create(
        patient_id=study.patient_id,
        encounter_id=study.encounter_id,
        department_id=study.department_id,
        code=DIAGNOSTIC_IMAGING_STUDY,
        title=study.description or study.modality or _("Imaging study"),
        **asdict(_text_of(report)),
        assistance=[
            {name: said[name] for name in ("model", "version", "digest")}
            for said in report.assistance
        ],
        subject_url=f"/studies/{study.id}/",
        issued=now,
        signed_by=signer,
    )
    report.signed = now
    report.signed_by = signer
    report.save()
    study.status = StudyStatus.SIGNED
    study.reader = study.reader or signer
    study.save(update_fields=["status", "reader", "updated"])
    tell_department(study, "signed")
    return report


@transaction.atomic
def add_addendum(*, study: Study, signer: User, text: str) -> ReportAddendum:
    """Add to a signed report; what was signed stays as it is.

    Raises:
        NotPermitted: The person is no clinician of the study's department.
        InvalidInput: The addendum is empty.
        Conflict: The report is not signed yet.
    """
    study = _locked(study)
    require_reader(signer, study, refusal=_("Only a clinician may add to a report."))
    report = Report.objects.select_related("record").filter(study=study).first()
    if report is None or report.record is None:
        raise Conflict(
            _("The report is not signed yet: edit it instead of adding to it."),
            code="report_not_signed",
        )
    if not text.strip():
        message = _("Write what you want to add.")
        raise InvalidInput(message, code="addendum_empty", fields={"text": [message]})
    addendum = ReportAddendum.objects.create(
        report=report, text=text.strip(), signed_by=signer
    )
    record = report.record
    record.status = ReportStatus.AMENDED
    record.addenda = "\n\n".join(filter(None, [record.addenda, _signed_text(addendum)]))
    record.save(update_fields=["status", "addenda", "updated"])
    tell_department(study, "amended")
    return addendum


def _locked(study: Study) -> Study:
    return Study.objects.select_for_update(of=("self",)).get(id=study.id)


def _text_of(report: Report) -> ReportText:
    return ReportText(report.technique, report.findings, report.impression)


def _check_version(report: Report | None, expected: int | None) -> None:
    if expected is not None and expected != (report.version if report else 0):
        raise StaleReport(report)


def _already_signed(report: Report) -> Conflict:
    signer = report.signed_by
    return Conflict(
        _(
            "%(name)s has already signed this report. "
            "It can be amended by an addendum only."
        )
        % {"name": signer.get_full_name() or signer.get_username() if signer else ""},
        code="report_signed",
    )


def _ready_to_sign(report: Report | None, study: Study) -> Report:
    if report is None:
        raise InvalidInput(
            _("There is no report to sign yet: write one first."), code="no_report"
        )
    if not report.impression.strip():
        message = _("A report cannot be signed without an impression.")
        raise InvalidInput(
            message, code="impression_missing", fields={"impression": [message]}
        )
    if study.critical_results.filter(acknowledged__isnull=True).exists():
        raise Conflict(
            _(
                "A critical result waits for acknowledgement: "
                "say whom you told, and how, then sign."
            ),
            code="critical_unacknowledged",
        )
    return report


def _mark_reported(study: Study, author: User) -> None:
    if study.status == StudyStatus.REPORTED:
        return
    study.status = StudyStatus.REPORTED
    study.reader = study.reader or author
    study.save(update_fields=["status", "reader", "updated"])
    tell_department(study, "reported")


def _signed_text(addendum: ReportAddendum) -> str:
    name = addendum.signed_by.get_full_name() or addendum.signed_by.get_username()
    when = formats.date_format(
        timezone.localtime(addendum.created), "SHORT_DATETIME_FORMAT"
    )
    return f"{when} · {name}\n{addendum.text}"
