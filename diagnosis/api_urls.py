"""Diagnosis under /api/v1/."""

from rest_framework.routers import SimpleRouter

from diagnosis.api import finding_urls, labelling_urls, reading_urls
from diagnosis.api.studies import InstanceViewSet, SeriesViewSet, StudyViewSet

router = SimpleRouter()
router.register("studies", StudyViewSet, "api-study")
router.register("series", SeriesViewSet, "api-series")
router.register("instances", InstanceViewSet, "api-instance")
urlpatterns = [
    *router.urls,
    *finding_urls.urlpatterns,
    *labelling_urls.urlpatterns,
    *reading_urls.urlpatterns,
]
