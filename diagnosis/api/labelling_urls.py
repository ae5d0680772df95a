"""Where studies are labelled in REST."""

from django.urls import path

from diagnosis.api import label_files, labelling

PROJECT = "labelling-projects/<uuid:project_id>"
urlpatterns = [
    path(
        "labelling-projects/",
        labelling.ProjectsView.as_view(),
        name="api-label-projects",
    ),
    path(f"{PROJECT}/", labelling.ProjectView.as_view(), name="api-label-project"),
    path(f"{PROJECT}/loans/", labelling.LoansView.as_view(), name="api-label-loans"),
    path(f"{PROJECT}/labels/", labelling.LabelsView.as_view(), name="api-labels"),
    path(
        f"{PROJECT}/agreement/",
        label_files.AgreementView.as_view(),
        name="api-label-agreement",
    ),
    path(
        f"{PROJECT}/exports/",
        label_files.ExportsView.as_view(),
        name="api-label-exports",
    ),
    path(
        f"{PROJECT}/imports/",
        label_files.ImportsView.as_view(),
        name="api-label-imports",
    ),
    path(
        "labelling-loans/<uuid:loan_id>/label/",
        labelling.LoanLabelView.as_view(),
        name="api-loan-label",
    ),
    path(
        "labelling-loans/<uuid:loan_id>/skip/",
        labelling.LoanSkipView.as_view(),
        name="api-loan-skip",
    ),
    path(
        "labels/<uuid:label_id>/revision/",
        labelling.LabelRevisionView.as_view(),
        name="api-label-revision",
    ),
    path(
        "label-exports/<uuid:label_export_id>/",
        label_files.ExportView.as_view(),
        name="api-label-export",
    ),
    path(
        "label-imports/<uuid:label_import_id>/",
        label_files.ImportView.as_view(),
        name="api-label-import",
    ),
]
