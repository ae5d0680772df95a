from django.urls import path

from scheduling.views import actions, board, calendar, mine, repair, rosters

app_name = "scheduling"
ROSTER = "rosters/<uuid:roster_id>"
urlpatterns = [
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/new/", rosters.new_roster, name="new"),
    path(f"{ROSTER}/", board.roster_detail, name="roster"),
    path(f"{ROSTER}/cells/", board.cells, name="cells"),
    path(f"{ROSTER}/searches/", actions.search, name="search"),
    path(f"{ROSTER}/searches/stop/", actions.stop, name="stop"),
    path(f"{ROSTER}/searches/<uuid:run_id>/", actions.run_detail, name="run"),
    path(
        f"{ROSTER}/searches/<uuid:run_id>/application/",
        actions.application,
        name="application",
    ),
    path(f"{ROSTER}/repair/", repair.repair, name="repair"),
    path(f"{ROSTER}/publication/", actions.publication, name="publication"),
    path(f"{ROSTER}/closure/", actions.closure, name="closure"),
    path("my-shifts/", mine.my_shifts, name="my_shifts"),
    path("my-shifts/calendar/", calendar.opening, name="feed_opening"),
    path("my-shifts/calendar/closing/", calendar.closing, name="feed_closing"),
    path("calendar/<str:code>.ics", calendar.feed, name="feed"),
]
