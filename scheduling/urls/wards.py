"""Pages on which a ward comes in, and on which its next period begins."""

from django.urls import path

from scheduling.views import holidays, imports, periods

IMPORT = "rosters/imports/<uuid:import_id>"
urlpatterns = [
    path("rosters/holidays/", holidays.holidays, name="holidays"),
    path("rosters/holidays/file/", holidays.holiday_file, name="holiday_file"),
    path(
        "rosters/holidays/<uuid:holiday_id>/removal/",
        holidays.holiday_removal,
        name="holiday_removal",
    ),
    path("rosters/imports/", imports.sent_ward, name="imports"),
    path("rosters/imports/template.xlsx", imports.ward_template, name="ward_template"),
    path(f"{IMPORT}/", imports.import_detail, name="import"),
    path(f"{IMPORT}/roster/", imports.imported_roster, name="imported_roster"),
    path("rosters/<uuid:roster_id>/next/", periods.next_period, name="next_period"),
]
