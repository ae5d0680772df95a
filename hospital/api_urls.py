"""The REST interface under /api/v1/: each app brings its own routes."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("", include("hospital.accounts.api_urls")),
    path("", include("hospital.jobs.api_urls")),
    path("", include("hospital.notices.api_urls")),
    path("", include("hospital.webhooks.api_urls")),
    path("", include("hospital.records.api_urls")),
    path("", include("consult.api_urls")),
    path("", include("diagnosis.api_urls")),
    path("", include("scheduling.urls.api")),
]
