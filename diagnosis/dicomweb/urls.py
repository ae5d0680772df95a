"""DICOMweb under /dicomweb/ (PS3.18 10.1)."""

from django.urls import path

from diagnosis.dicomweb.retrieve import (
    RenderedView,
    RetrieveFrames,
    RetrieveInstances,
    RetrieveMetadata,
    Thumbnail,
)
from diagnosis.dicomweb.search import SearchInstances, SearchSeries
from diagnosis.dicomweb.store import Studies, StudyResource

app_name = "dicomweb"
STUDY = "studies/<str:study>"
SERIES = f"{STUDY}/series/<str:series>"
INSTANCE = f"{SERIES}/instances/<str:instance>"

urlpatterns = [
    path("studies", Studies.as_view(), name="studies"),
    path("series", SearchSeries.as_view(), name="all-series"),
    path("instances", SearchInstances.as_view(), name="all-instances"),
    path(STUDY, StudyResource.as_view(), name="study"),
    path(f"{STUDY}/metadata", RetrieveMetadata.as_view(), name="study-metadata"),
    path(f"{STUDY}/rendered", RenderedView.as_view(), name="study-rendered"),
    path(f"{STUDY}/thumbnail", Thumbnail.as_view(), name="study-thumbnail"),
    path(f"{STUDY}/series", SearchSeries.as_view(), name="series-of-study"),
    path(f"{STUDY}/instances", SearchInstances.as_view(), name="instances-of-study"),
    path(SERIES, RetrieveInstances.as_view(), name="series"),
    path(f"{SERIES}/metadata", RetrieveMetadata.as_view(), name="series-metadata"),
    path(f"{SERIES}/rendered", RenderedView.as_view(), name="series-rendered"),
    path(f"{SERIES}/thumbnail", Thumbnail.as_view(), name="series-thumbnail"),
    path(f"{SERIES}/instances", SearchInstances.as_view(), name="instances-of-series"),
    path(INSTANCE, RetrieveInstances.as_view(), name="instance"),
    path(f"{INSTANCE}/metadata", RetrieveMetadata.as_view(), name="instance-metadata"),
    path(f"{INSTANCE}/rendered", RenderedView.as_view(), name="instance-rendered"),
    path(f"{INSTANCE}/thumbnail", Thumbnail.as_view(), name="instance-thumbnail"),
    path(f"{INSTANCE}/frames/<str:frames>", RetrieveFrames.as_view(), name="frames"),
    path(
        f"{INSTANCE}/frames/<str:frame>/rendered",
        RenderedView.as_view(),
        name="frame-rendered",
    ),
    path(
        f"{INSTANCE}/frames/<str:frame>/thumbnail",
        Thumbnail.as_view(),
        name="frame-thumbnail",
    ),
]
