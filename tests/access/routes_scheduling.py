"""Rosters: managers make them, their ward sees what is published.

Empty forms are sent, so the right person gets 4xx, not a change.
"""

from tests.access.route import STAFF, STAFF_ONLY, STRANGERS, page, rest

ROSTER = "roster_id"
ONE = f"api/v1/rosters/<uuid:{ROSTER}>"
READERS = STAFF | {"integrator"}
EDITORS = frozenset({"manager", "administrator", "integrator"})

REST = [
    rest("api/v1/^rosters/$", READERS, may_write=EDITORS, get=200, post=400),
    rest(
        "api/v1/^rosters/(?P<pk>[^/.]+)/$",
        READERS,
        of=ROSTER,
        sees=STAFF_ONLY,
        get=200,
    ),
    rest(f"{ONE}/instance/", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/people/", READERS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(
        f"{ONE}/people/<str:key>/account/",
        EDITORS,
        of=ROSTER,
        sees=STAFF_ONLY,
        put=404,  # no such person in it
    ),
    rest(f"{ONE}/closure/", EDITORS, of=ROSTER, sees=STAFF_ONLY, post=201),
    rest(
        f"{ONE}/assignments/",
        READERS,
        may_write=EDITORS,
        of=ROSTER,
        sees=STAFF_ONLY,
        get=200,
        patch=428,
    ),
    rest(f"{ONE}/verdict/", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/export.csv", READERS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/export.xlsx", READERS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/export.pdf", READERS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/export.ics", READERS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/uncovered.csv", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
]

SEARCHES = [
    rest(f"{ONE}/repair/", EDITORS, of=ROSTER, sees=STAFF_ONLY, post=400),
    rest(f"{ONE}/solution/", EDITORS, of=ROSTER, sees=STAFF_ONLY, post=400),
    rest(f"{ONE}/runs/", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(f"{ONE}/runs/<uuid:run_id>/", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
    rest(
        f"{ONE}/runs/<uuid:run_id>/application/",
        EDITORS,
        of=ROSTER,
        sees=STAFF_ONLY,
        post=409,  # it found nothing yet
        delete=409,
    ),
    rest(
        f"{ONE}/publication/",
        READERS,
        may_write=EDITORS,
        of=ROSTER,
        sees=STAFF_ONLY,
        get=200,
        post=409,  # just this is published already
    ),
]

MANAGERS = frozenset({"manager", "administrator"})
PAGE = "rosters/<uuid:roster_id>"
PAGES = [
    page("rosters/", STAFF, get=200),
    page("rosters/new/", MANAGERS, get=200, post=422),
    page("rosters/on-duty/", STAFF, get=200),
    page("my-shifts/", STAFF, get=200),
    page("my-shifts/calendar/", STAFF, post=200),
    page("my-shifts/calendar/closing/", STAFF, post=302),
    page("calendar/<str:code>.ics", STRANGERS, get=404),  # nobody's address
    page(f"{PAGE}/", STAFF, of=ROSTER, get=200),
    page(f"{PAGE}/shifts/", STAFF, of=ROSTER, get=302),  # to a week of it
    page(f"{PAGE}/compare/", MANAGERS, of=ROSTER, get=200),
    page(f"{PAGE}/cells/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/searches/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/searches/stop/", MANAGERS, of=ROSTER, post=302),
    page(f"{PAGE}/searches/<uuid:run_id>/", MANAGERS, of=ROSTER, get=200),
    page(f"{PAGE}/searches/<uuid:run_id>/application/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/searches/<uuid:run_id>/taking-back/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/repair/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/repair/taking/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/repair/undoing/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/publication/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/closure/", MANAGERS, of=ROSTER, post=403),  # without a password
]

ROUTES = REST + SEARCHES + PAGES
