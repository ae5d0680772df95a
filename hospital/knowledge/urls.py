from django.urls import path

from hospital.knowledge.views import library, search

app_name = "knowledge"
urlpatterns = [
    path("knowledge/", library.entry_list, name="entries"),
    path("knowledge/reviews/", library.approvals, name="approvals"),
    path("knowledge/search/", search.new_search, name="search"),
    path("knowledge/search/<uuid:job_id>/", search.search_detail, name="found"),
    path("knowledge/entries/<uuid:entry_id>/", library.entry_detail, name="entry"),
    path(
        "knowledge/entries/<uuid:entry_id>/reviews/",
        library.entry_review,
        name="review",
    ),
    path("knowledge/passages/<path:citation>/", library.passage, name="passage"),
]
