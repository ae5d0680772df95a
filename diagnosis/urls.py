from django.urls import path

from diagnosis.views import models, monitoring, patient, report, study, upload, worklist

app_name = "diagnosis"
urlpatterns = [
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/views/", worklist.save_view, name="worklist_views"),
    path("studies/of-patient/", patient.patient_studies, name="patient_studies"),
    path("studies/upload/", upload.upload, name="upload"),
    path("studies/<uuid:study_id>/", study.study_detail, name="study"),
    path("studies/<uuid:study_id>/series/", worklist.series_tiles, name="series_tiles"),
    path("studies/<uuid:study_id>/findings/", study.study_findings, name="findings"),
    path("findings/<uuid:finding_id>/saliency/", study.saliency, name="saliency"),
    path("findings/<uuid:finding_id>/verdict/", study.verdict, name="verdict"),
    path("series/<uuid:series_id>/images/", study.series_images, name="series_images"),
    path("studies/<uuid:study_id>/report/", report.report, name="report"),
    path("studies/<uuid:study_id>/report.pdf", report.report_file, name="report_pdf"),
    path(
        "studies/<uuid:study_id>/report/print/",
        report.report_print,
        name="report_print",
    ),
    path(
        "studies/<uuid:study_id>/report/signature/",
        report.signature,
        name="signature",
    ),
    path("studies/<uuid:study_id>/report/addenda/", report.addenda, name="addenda"),
    path(
        "studies/<uuid:study_id>/critical-results/",
        report.critical_results,
        name="critical_results",
    ),
    path(
        "critical-results/<uuid:critical_id>/acknowledgement/",
        report.acknowledgement,
        name="acknowledgement",
    ),
    path("models/", models.models, name="models"),
    path("models/rollback/", models.rollback, name="model_rollback"),
    path("models/monitoring/", monitoring.monitoring, name="monitoring"),
    path("models/renewals/", monitoring.renewals, name="renewals"),
    path("models/shadow/ending/", models.shadow_end, name="shadow_end"),
    path(
        "models/monitoring/rules/<uuid:rule_id>/",
        monitoring.alert_rule,
        name="alert_rule",
    ),
    path("models/<slug:name>/<str:version>/", models.model_card, name="model"),
    path(
        "models/<slug:name>/<str:version>/evaluation/",
        models.evaluation,
        name="evaluation",
    ),
    path(
        "models/<slug:name>/<str:version>/shadow/", models.shadow, name="model_shadow"
    ),
    path(
        "models/<slug:name>/<str:version>/activation/",
        models.activation,
        name="model_activation",
    ),
]
