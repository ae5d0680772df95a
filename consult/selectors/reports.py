"""The signed reports that a talk may explain: its own patient's, and nobody else's."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_for
from hospital.records.models import DiagnosticReport
from hospital.records.selectors import diagnostic_reports_visible_to

MOST = 200  # of one patient


def own_reports(owner: User | None) -> QuerySet[DiagnosticReport]:
    """Return the signed reports about a patient with an account, the newest first.

    Staff who hold a talk of their own see reports where they read them, not here.
    """
    if owner is None or not owner.is_active or owner.role != Role.PATIENT:
        return DiagnosticReport.objects.none()
    reports = diagnostic_reports_visible_to(principal_for(owner))
    return reports.select_related("department", "signed_by", "patient__user").order_by(
        "-issued", "id"
    )


def labelled(reports: Iterable[DiagnosticReport]) -> dict[str, DiagnosticReport]:
    """Return reports by what tells them apart, the same in every language.

    A patient chooses one by sending its label as a message.
    """
    named: dict[str, DiagnosticReport] = {}
    for report in reports:
        label = label_of(report)
        same = sum(name == label or name.startswith(f"{label} (") for name in named)
        named[f"{label} ({same + 1})" if same else label] = report
    return named


def label_of(report: DiagnosticReport) -> str:
    when = timezone.localtime(report.issued)
    return f"{report.title} · {when:%Y-%m-%d %H:%M}"


def named_in(
    text: str, reports: dict[str, DiagnosticReport]
) -> DiagnosticReport | None:
    """Return the report whose label stands in a text; the longer label counts."""
    labels = sorted(reports, key=len, reverse=True)
    return next((reports[label] for label in labels if label in text), None)
