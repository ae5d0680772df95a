"""The library: what is published is everybody's to read, the rest its editors'.

The own row is published, the other one a draft.
"""

from tests.access.route import STAFF, STRANGERS, page

EDITORS = frozenset({"clinician", "administrator"})
SEES = {role: {"own", "other"} if role in EDITORS else {"own"} for role in STRANGERS}
ENTRY = "knowledge/entries/<uuid:entry_id>/"

ROUTES = [
    page("knowledge/", STAFF, get=200),
    page("knowledge/reviews/", frozenset({"clinician"}), post=302),  # none is marked
    page("knowledge/search/", EDITORS, get=200, post=422),
    # The matrix's jobs are of another kind: nobody sees them here.
    page("knowledge/search/<uuid:job_id>/", EDITORS, of="job_id", sees={}, get=404),
    page(ENTRY, STAFF, of="entry_id", sees=SEES, get=200),
    # An empty form: nothing is decided.
    page(f"{ENTRY}reviews/", EDITORS, of="entry_id", sees=SEES, post=422),
    page(
        "knowledge/passages/<path:citation>/",
        STRANGERS,
        of="citation",
        sees=SEES,
        get=200,
    ),
]
