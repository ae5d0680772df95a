"""Rosters under /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from scheduling.api import (
    cells,
    explanations,
    holidays,
    imports,
    laws,
    periods,
    repairs,
    rosters,
    runs,
)

router = SimpleRouter()
router.register("rosters", rosters.RosterViewSet, "api-roster")

ROSTER = "rosters/<uuid:roster_id>"
urlpatterns = [
    *router.urls,
    path("", include("scheduling.urls.staff_api")),
    path(
        "public-holidays/", holidays.HolidaysView.as_view(), name="api-public-holidays"
    ),
    path(
        "public-holidays/<uuid:holiday_id>/",
        holidays.HolidayView.as_view(),
        name="api-public-holiday",
    ),
    path(f"{ROSTER}/law/", laws.RosterLawView.as_view(), name="api-law"),
    path("law-profiles/", laws.LawProfilesView.as_view(), name="api-law-profiles"),
    path(
        "law-profiles/<uuid:law_id>/",
        laws.LawProfileView.as_view(),
        name="api-law-profile",
    ),
    path(
        "law-profiles/<uuid:law_id>/withdrawal/",
        laws.LawWithdrawalView.as_view(),
        name="api-law-withdrawal",
    ),
    path("roster-imports/", imports.ImportsView.as_view(), name="api-imports"),
    path(
        "roster-imports/<uuid:import_id>/",
        imports.ImportView.as_view(),
        name="api-import",
    ),
    path(
        "roster-imports/<uuid:import_id>/roster/",
        imports.ImportedRosterView.as_view(),
        name="api-imported-roster",
    ),
    path(f"{ROSTER}/ward/", imports.RosterTablesView.as_view(), name="api-tables"),
    path(f"{ROSTER}/ward.xlsx", imports.WardView.as_view(), name="api-ward"),
    path(f"{ROSTER}/next-period/", periods.NextPeriodView.as_view(), name="api-next"),
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
    path(f"{ROSTER}/export.pdf", cells.PdfView.as_view(), name="api-pdf"),
    path(
        f"{ROSTER}/uncovered.csv",
        cells.UncoveredView.as_view(),
        name="api-uncovered",
    ),
    path(f"{ROSTER}/repair/", repairs.RepairView.as_view(), name="api-repair"),
    path(
        f"{ROSTER}/explanation/",
        explanations.ExplanationView.as_view(),
        name="api-explanation",
    ),
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
