"""Where verdicts and reports are written in REST."""

from django.urls import path

from diagnosis.api import report, verdict

STUDY = "studies/<uuid:study_id>"
urlpatterns = [
    path(f"{STUDY}/report/", report.ReportView.as_view(), name="api-report"),
    path(f"{STUDY}/report/draft/", report.DraftView.as_view(), name="api-draft"),
    path(
        f"{STUDY}/report/signature/",
        report.SignatureView.as_view(),
        name="api-signature",
    ),
    path(f"{STUDY}/report/addenda/", report.AddendaView.as_view(), name="api-addenda"),
    path(
        f"{STUDY}/critical-results/",
        verdict.CriticalResultsView.as_view(),
        name="api-critical-results",
    ),
    path(
        "critical-results/<uuid:critical_id>/acknowledgement/",
        verdict.AcknowledgementView.as_view(),
        name="api-acknowledgement",
    ),
    path(
        "findings/<uuid:finding_id>/verdicts/",
        verdict.VerdictsView.as_view(),
        name="api-verdicts",
    ),
]
