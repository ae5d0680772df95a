"""Pages on which a ward comes in, and on which its next period begins."""

from django.urls import path

from scheduling.views import holidays, imports, law_profiles, periods

IMPORT = "rosters/imports/<uuid:import_id>"
urlpatterns = [
    path("rosters/holidays/", holidays.holidays, name="holidays"),
    path("rosters/holidays/file/", holidays.holiday_file, name="holiday_file"),
    path(
        "rosters/holidays/<uuid:holiday_id>/removal/",
        holidays.holiday_removal,
        name="holiday_removal",
    ),
    path("rosters/law-profiles/", law_profiles.law_profiles, name="law_profiles"),
    path(
        "rosters/law-profiles/<str:profile>.json",
        law_profiles.law_file,
        name="law_file",
    ),
    path(
        "rosters/law-profiles/<uuid:law_id>/withdrawal/",
        law_profiles.law_withdrawal,
        name="law_withdrawal",
    ),
    path("rosters/imports/", imports.sent_ward, name="imports"),
    path("rosters/imports/template.xlsx", imports.ward_template, name="ward_template"),
    path(f"{IMPORT}/", imports.import_detail, name="import"),
    path(f"{IMPORT}/roster/", imports.imported_roster, name="imported_roster"),
    path("rosters/<uuid:roster_id>/ward/", imports.roster_ward, name="ward"),
    path("rosters/<uuid:roster_id>/next/", periods.next_period, name="next_period"),
]
