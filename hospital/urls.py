"""Every door of the platform, by name only."""

from django.contrib import admin
from django.urls import include, path

admin.autodiscover()  # here alone: workers and commands begin without the administration

urlpatterns = [
    path("", include("hospital.core.urls")),
    path("", include("hospital.jobs.urls")),
    path("", include("hospital.notices.urls")),
    path("", include("hospital.records.urls")),
    path("", include("hospital.knowledge.urls")),
    path("", include("consult.urls")),
    path("", include("consult.desk_urls")),
    path("", include("diagnosis.urls")),
    path("", include("scheduling.urls")),
    path("accounts/", include("hospital.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("hospital.api_urls")),
    path("dicomweb/", include("diagnosis.dicomweb.urls")),
]
