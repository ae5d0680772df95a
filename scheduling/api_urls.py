"""Rosters under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from scheduling.api import cells, repairs, rosters, runs

router = SimpleRouter()
router.register("rosters", rosters.RosterViewSet, "api-roster")

ROSTER = "rosters/<uuid:roster_id>"
urlpatterns = [
    *router.urls,
    path(f"{ROSTER}/instance/", rosters.InstanceView.as_view(), name="api-instance"),
    path(f"{ROSTER}/people/", rosters.PeopleView.as_view(), name="api-people"),
    path(
        f"{ROSTER}/people/<str:key>/account/",
        rosters.AccountView.as_view(),
        name="api-account",
    ),
    path(f"{ROSTER}/closure/", rosters.ClosureView.as_view(), name="api-closure"),
    path(
        f"{ROSTER}/assignments/",
        cells.AssignmentsView.as_view(),
        name="api-assignments",
    ),
    path(f"{ROSTER}/verdict/", cells.VerdictView.as_view(), name="api-verdict"),
    path(f"{ROSTER}/export.csv", cells.CsvView.as_view(), name="api-csv"),
    path(f"{ROSTER}/export.xlsx", cells.XlsxView.as_view(), name="api-xlsx"),
    path(f"{ROSTER}/export.ics", cells.IcsView.as_view(), name="api-ics"),
    path(f"{ROSTER}/repair/", repairs.RepairView.as_view(), name="api-repair"),
    path(f"{ROSTER}/solution/", runs.SolutionView.as_view(), name="api-solution"),
    path(f"{ROSTER}/runs/", runs.RunsView.as_view(), name="api-runs"),
    path(f"{ROSTER}/runs/<uuid:run_id>/", runs.RunView.as_view(), name="api-run"),
    path(
        f"{ROSTER}/runs/<uuid:run_id>/application/",
        runs.ApplicationView.as_view(),
        name="api-application",
    ),
    path(
        f"{ROSTER}/publication/",
        runs.PublicationsView.as_view(),
        name="api-publication",
    ),
]
