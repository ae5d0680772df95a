from django.urls import include, path

from scheduling.urls import wards
from scheduling.views import (
    actions,
    board,
    calendar,
    compare,
    explanation,
    fairness,
    laws,
    mine,
    past,
    repair,
    rosters,
    score,
    why,
)

app_name = "scheduling"
ROSTER = "rosters/<uuid:roster_id>"
urlpatterns = [
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/new/", rosters.new_roster, name="new"),
    *wards.urlpatterns,
    path("rosters/history/", past.past_rosters, name="past_rosters"),
    path("rosters/history/publications/", past.learning, name="learning"),
    path("rosters/history/<uuid:past_id>/", past.past_detail, name="past"),
    path(
        "rosters/history/<uuid:past_id>/acceptances/",
        past.acceptance,
        name="acceptance",
    ),
    path(
        "rosters/history/<uuid:past_id>/acceptances/<uuid:acceptance_id>/undoing/",
        past.acceptance_undoing,
        name="acceptance_undoing",
    ),
    path(f"{ROSTER}/", board.roster_detail, name="roster"),
    path(f"{ROSTER}/compare/", compare.compare, name="compare"),
    path(f"{ROSTER}/cells/", board.cells, name="cells"),
    path(f"{ROSTER}/searches/", actions.search, name="search"),
    path(f"{ROSTER}/searches/stop/", actions.stop, name="stop"),
    path(f"{ROSTER}/searches/<uuid:run_id>/", actions.run_detail, name="run"),
    path(
        f"{ROSTER}/searches/<uuid:run_id>/application/",
        actions.application,
        name="application",
    ),
    path(
        f"{ROSTER}/searches/<uuid:run_id>/taking-back/",
        actions.taking_back,
        name="taking_back",
    ),
    path(f"{ROSTER}/repair/", repair.repair, name="repair"),
    path(f"{ROSTER}/repair/taking/", repair.taking, name="way_taking"),
    path(f"{ROSTER}/repair/undoing/", repair.undoing, name="way_undoing"),
    path(f"{ROSTER}/publication/", actions.publication, name="publication"),
    path(f"{ROSTER}/closure/", actions.closure, name="closure"),
    path(f"{ROSTER}/why/", why.why, name="why"),
    path(f"{ROSTER}/why/choice/", why.choice, name="why_choice"),
    path(f"{ROSTER}/explanation/", explanation.explanation, name="explanation"),
    path(
        f"{ROSTER}/explanation/<uuid:explanation_id>/repairs/",
        explanation.repairs,
        name="repairs",
    ),
    path(f"{ROSTER}/score/", score.score_page, name="score"),
    path(f"{ROSTER}/fairness/", fairness.fairness, name="fairness"),
    path(f"{ROSTER}/aims/", fairness.aims, name="aims"),
    path(f"{ROSTER}/laws/", laws.laws, name="laws"),
    path("", include("scheduling.urls.staff")),
    path("my-shifts/", mine.my_shifts, name="my_shifts"),
    path("my-shifts/calendar/", calendar.opening, name="feed_opening"),
    path("my-shifts/calendar/closing/", calendar.closing, name="feed_closing"),
    path("calendar/<str:code>.ics", calendar.feed, name="feed"),
]
