from django.urls import path

from diagnosis.views import study, upload, worklist

app_name = "diagnosis"
urlpatterns = [
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/views/", worklist.save_view, name="worklist_views"),
    path("studies/upload/", upload.upload, name="upload"),
    path("studies/<uuid:study_id>/", study.study_detail, name="study"),
    path("studies/<uuid:study_id>/series/", worklist.series_tiles, name="series_tiles"),
    path("studies/<uuid:study_id>/findings/", study.study_findings, name="findings"),
    path("findings/<uuid:finding_id>/verdict/", study.verdict, name="verdict"),
    path("series/<uuid:series_id>/images/", study.series_images, name="series_images"),
]
