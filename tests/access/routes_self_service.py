"""Requests, leave and swaps: the staff ask for their own, managers of the ward decide.

The nurse has a place in the own department's roster, offers its shift and is asked for
nothing. Empty forms are sent, so the right person gets 4xx where something would change.
"""

from tests.access.route import STAFF, STAFF_ONLY, page, rest
from tests.access.routes_scheduling import EDITORS, MANAGERS, ONE, READERS, ROSTER

REQUEST, PERIOD = "request_id", "period_id"
LEAVE, SWAP = "leave_id", "swap_id"
NURSES = {"nurse": {"own"}}
# A clinician of the ward has no part in what the nurse asks for.
INVOLVED = {role: rows for role, rows in STAFF_ONLY.items() if role != "clinician"}
REQUESTS = "rosters/<uuid:roster_id>/requests"

REST = [
    rest("api/v1/request-periods/", READERS, get=200),
    rest(
        f"{ONE}/request-period/",
        EDITORS,
        of=ROSTER,
        sees=STAFF_ONLY,
        put=400,
        delete=409,  # the roster is published
    ),
    rest("api/v1/shift-requests/", READERS, get=200, post=400),
    rest(
        f"api/v1/shift-requests/<uuid:{REQUEST}>/",
        READERS,
        of=REQUEST,
        sees=INVOLVED,
        delete=(403, 409),  # somebody else's, or the roster is published
    ),
    rest(
        f"api/v1/shift-requests/<uuid:{REQUEST}>/decision/",
        EDITORS,
        of=REQUEST,
        sees=INVOLVED,
        post=400,
    ),
    rest("api/v1/leaves/", READERS, get=200, post=400),
    rest(
        f"api/v1/leaves/<uuid:{LEAVE}>/",
        READERS,
        of=LEAVE,
        sees=INVOLVED,
        delete=(200, 403),  # one's own, or somebody else's
    ),
    rest(
        f"api/v1/leaves/<uuid:{LEAVE}>/decision/",
        EDITORS,
        of=LEAVE,
        sees=INVOLVED,
        post=400,
    ),
    rest(
        f"api/v1/leaves/<uuid:{LEAVE}>/undoing/",
        EDITORS,
        of=LEAVE,
        sees=INVOLVED,
        post=400,
    ),
    rest("api/v1/swaps/", READERS, get=200, post=400),
    rest("api/v1/swaps/partners/", READERS, get=400),
    rest(
        f"api/v1/swaps/<uuid:{SWAP}>/",
        READERS,
        of=SWAP,
        sees=INVOLVED,
        delete=(200, 403),
    ),
    rest(
        f"api/v1/swaps/<uuid:{SWAP}>/answer/",
        READERS,
        of=SWAP,
        sees=INVOLVED,
        post=400,
    ),
    rest(
        f"api/v1/swaps/<uuid:{SWAP}>/decision/",
        EDITORS,
        of=SWAP,
        sees=INVOLVED,
        post=400,
    ),
]
PAGES = [
    page("my-shifts/requests/", STAFF, get=200),
    page(
        f"my-shifts/requests/<uuid:{PERIOD}>/days/",
        STAFF,
        of=PERIOD,
        sees={},  # the roster is long over
        post=422,
    ),
    page(
        f"my-shifts/requests/<uuid:{REQUEST}>/withdrawal/",
        STAFF,
        of=REQUEST,
        sees=NURSES,
        post=302,
    ),
    page("my-shifts/leave/", STAFF, get=200, post=422),
    page(
        f"my-shifts/leave/<uuid:{LEAVE}>/withdrawal/",
        STAFF,
        of=LEAVE,
        sees=NURSES,
        post=302,
    ),
    page("my-shifts/swaps/", STAFF, get=200, post=422),
    page("my-shifts/swaps/partners/", STAFF, get=404),  # of no shift
    page(f"my-shifts/swaps/<uuid:{SWAP}>/answer/", STAFF, of=SWAP, sees={}, post=422),
    page(
        f"my-shifts/swaps/<uuid:{SWAP}>/withdrawal/",
        STAFF,
        of=SWAP,
        sees=NURSES,
        post=302,
    ),
    page("rosters/requests/", MANAGERS, get=200),
    page(f"rosters/leave/<uuid:{LEAVE}>/decision/", MANAGERS, of=LEAVE, post=422),
    page(f"rosters/leave/<uuid:{LEAVE}>/undoing/", MANAGERS, of=LEAVE, post=302),
    page(f"rosters/swaps/<uuid:{SWAP}>/decision/", MANAGERS, of=SWAP, post=422),
    page(f"{REQUESTS}/", MANAGERS, of=ROSTER, get=200),
    page(f"{REQUESTS}/period/", MANAGERS, of=ROSTER, post=422),
    page(f"{REQUESTS}/closure/", MANAGERS, of=ROSTER, post=302),
    page(f"{REQUESTS}/decision/", MANAGERS, of=ROSTER, post=422),
    page(f"{REQUESTS}/swaps-without-manager/", MANAGERS, of=ROSTER, post=302),
]

ROUTES = REST + PAGES
