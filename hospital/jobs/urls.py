from django.urls import path

from hospital.jobs.views import events, metrics, pages

app_name = "jobs"
urlpatterns = [
    path("jobs/", pages.job_list, name="list"),
    path("jobs/open/", pages.open_count, name="open_count"),
    path("jobs/<uuid:job_id>/", pages.job_detail, name="job"),
    path(
        "jobs/<uuid:job_id>/cancellation/", pages.job_cancellation, name="cancellation"
    ),
    path("jobs/<uuid:job_id>/retry/", pages.job_retry, name="retry"),
    path("events/", events.stream, name="events"),
    path("metrics", metrics.metrics, name="metrics"),
]
