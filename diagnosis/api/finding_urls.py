"""Where findings and models are read in REST."""

from django.urls import path

from diagnosis.api import findings, models

MODEL = "models/<slug:name>/<str:version>"
urlpatterns = [
    path(
        "studies/<uuid:study_id>/findings/",
        findings.FindingsView.as_view(),
        name="api-findings",
    ),
    path(
        "findings/<uuid:finding_id>/saliency/",
        findings.SaliencyView.as_view(),
        name="api-saliency",
    ),
    path("models/", models.ModelsView.as_view(), name="api-models"),
    path(f"{MODEL}/", models.ModelView.as_view(), name="api-model"),
    path(
        f"{MODEL}/activation/", models.ActivationView.as_view(), name="api-activation"
    ),
]
