"""Why, cost, fairness, laws and past rosters: for those who make rosters alone.

Empty forms are sent, so the right person gets 4xx, not a change.
"""

from tests.access.route import STAFF_ONLY, page, rest
from tests.access.routes_scheduling import EDITORS, MANAGERS, ONE, PAGE, ROSTER

PAST = "rosters/history"

ROUTES = [
    rest(f"{ONE}/explanation/", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200, post=202),
    page(f"{PAGE}/why/", MANAGERS, of=ROSTER, get=200),
    page(f"{PAGE}/why/choice/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/explanation/", MANAGERS, of=ROSTER, get=200, post=302),
    page(
        f"{PAGE}/explanation/<uuid:explanation_id>/repairs/",
        MANAGERS,
        of=ROSTER,
        post=422,
    ),
    page(f"{PAGE}/score/", MANAGERS, of=ROSTER, get=200),
    page(f"{PAGE}/fairness/", MANAGERS, of=ROSTER, get=200),
    page(f"{PAGE}/aims/", MANAGERS, of=ROSTER, post=422),
    page(f"{PAGE}/laws/", MANAGERS, of=ROSTER, get=200, post=422),
    page(f"{PAST}/", MANAGERS, get=200, post=422),
    page(f"{PAST}/publications/", MANAGERS, post=422),
    page(f"{PAST}/<uuid:past_id>/", MANAGERS, of="past_id", get=200),
    page(f"{PAST}/<uuid:past_id>/acceptances/", MANAGERS, of="past_id", post=422),
    page(
        f"{PAST}/<uuid:past_id>/acceptances/<uuid:acceptance_id>/undoing/",
        MANAGERS,
        of="past_id",
        post=302,
    ),
]
