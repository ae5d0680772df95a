from django.urls import path

from hospital.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("knowledge/", views.entry_list, name="entries"),
    path("knowledge/entries/<uuid:entry_id>/", views.entry_detail, name="entry"),
    path(
        "knowledge/entries/<uuid:entry_id>/reviews/", views.entry_review, name="review"
    ),
    path("knowledge/passages/<path:citation>/", views.passage, name="passage"),
]
