"""A ward comes in as tables, and goes on into its next period: managers' alone."""

from tests.access.route import STAFF_ONLY, page, rest
from tests.access.routes_scheduling import EDITORS, MANAGERS, ONE, PAGE, ROSTER

IMPORT = "import_id"
KEPT = f"rosters/imports/<uuid:{IMPORT}>"
REST_KEPT = f"api/v1/roster-imports/<uuid:{IMPORT}>"

ROUTES = [
    page("rosters/imports/", MANAGERS, post=422),
    page("rosters/imports/template.xlsx", MANAGERS, get=200),
    page(f"{KEPT}/", MANAGERS, of=IMPORT, get=200),
    page(f"{KEPT}/roster/", MANAGERS, of=IMPORT, post=302),
    page(f"{PAGE}/next/", MANAGERS, of=ROSTER, get=200, post=422),
    rest(f"{ONE}/next-period/", EDITORS, of=ROSTER, sees=STAFF_ONLY, post=400),
    rest("api/v1/roster-imports/", EDITORS, post=415),  # JSON brings no file
    rest(f"{REST_KEPT}/", EDITORS, of=IMPORT, sees=STAFF_ONLY, get=200),
    rest(f"{REST_KEPT}/roster/", EDITORS, of=IMPORT, sees=STAFF_ONLY, post=201),
    rest(f"{ONE}/ward.xlsx", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
]
