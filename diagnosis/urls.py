from django.urls import path

from diagnosis.views import (
    labelling,
    labelling_desk,
    labelling_files,
    models,
    monitoring,
    patient,
    report,
    study,
    upload,
    worklist,
)

app_name = "diagnosis"
urlpatterns = [
    path("worklist/", worklist.worklist, name="worklist"),
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
        "models/<slug:name>/<str:version>/data/",
        models.data_check,
        name="data_check",
    ),
    path(
        "models/<slug:name>/<str:version>/shadow/", models.shadow, name="model_shadow"
    ),
    path(
        "models/<slug:name>/<str:version>/activation/",
        models.activation,
        name="model_activation",
    ),
    path("labelling/", labelling.labelling, name="labelling"),
    path("labelling/new/", labelling.new_project, name="new_label_project"),
    path("labelling/loans/<uuid:loan_id>/", labelling_desk.loan, name="label_loan"),
    path(
        "labelling/loans/<uuid:loan_id>/skip/", labelling_desk.skip, name="label_skip"
    ),
    path(
        "labelling/labels/<uuid:label_id>/revision/",
        labelling_desk.revision,
        name="label_revision",
    ),
    path(
        "labelling/exports/<uuid:label_export_id>/",
        labelling_files.export_file,
        name="label_export",
    ),
    path(
        "labelling/imports/<uuid:label_import_id>/",
        labelling_files.import_detail,
        name="label_import",
    ),
    path(
        "labelling/<uuid:project_id>/", labelling.project_detail, name="label_project"
    ),
    path(
        "labelling/<uuid:project_id>/change/",
        labelling.change_project,
        name="change_label_project",
    ),
    path(
        "labelling/<uuid:project_id>/closing/",
        labelling.closing,
        name="label_closing",
    ),
    path(
        "labelling/<uuid:project_id>/agreement/",
        labelling.agreement,
        name="label_agreement",
    ),
    path(
        "labelling/<uuid:project_id>/loans/", labelling_desk.loans, name="label_loans"
    ),
    path(
        "labelling/<uuid:project_id>/exports/",
        labelling_files.exports,
        name="label_exports",
    ),
    path(
        "labelling/<uuid:project_id>/exports/<slug:form>/",
        labelling_files.export_now,
        name="label_export_now",
    ),
    path(
        "labelling/<uuid:project_id>/imports/",
        labelling_files.imports,
        name="label_imports",
    ),
]
