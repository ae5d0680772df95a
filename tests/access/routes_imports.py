"""A ward comes in as tables, and goes on into its next period: managers' alone."""

from tests.access.route import STAFF, STAFF_ONLY, page, rest
from tests.access.routes_scheduling import (
    EDITORS,
    MANAGERS,
    ONE,
    PAGE,
    READERS,
    ROSTER,
)

IMPORT = "import_id"
KEPT = f"rosters/imports/<uuid:{IMPORT}>"
REST_KEPT = f"api/v1/roster-imports/<uuid:{IMPORT}>"

HOLIDAY = "holiday_id"
LAW = "law_id"
EVERY_HOLIDAY = {role: {"own", "other"} for role in STAFF}  # they are the hospital's
EVERY_LAW = {role: {"own", "other"} for role in EDITORS}

ROUTES = [
    page("rosters/imports/", MANAGERS, post=422),
    page("rosters/imports/template.xlsx", MANAGERS, get=200),
    page(f"{KEPT}/", MANAGERS, of=IMPORT, get=200),
    page(f"{KEPT}/roster/", MANAGERS, of=IMPORT, post=302),
    page(f"{PAGE}/next/", MANAGERS, of=ROSTER, get=200, post=422),
    rest(f"{ONE}/next-period/", EDITORS, of=ROSTER, sees=STAFF_ONLY, post=400),
    page("rosters/holidays/", MANAGERS, get=200, post=422),
    page("rosters/holidays/file/", MANAGERS, post=422),
    page(
        f"rosters/holidays/<uuid:{HOLIDAY}>/removal/",
        MANAGERS,
        of=HOLIDAY,
        sees=EVERY_HOLIDAY,
        post=302,
    ),
    rest("api/v1/public-holidays/", READERS, may_write=MANAGERS, get=200, post=400),
    rest(
        f"api/v1/public-holidays/<uuid:{HOLIDAY}>/",
        MANAGERS,
        of=HOLIDAY,
        sees=EVERY_HOLIDAY,
        delete=204,
    ),
    page("rosters/law-profiles/", MANAGERS, get=200, post=422),
    page("rosters/law-profiles/<str:profile>.json", MANAGERS, get=200),
    page(
        f"rosters/law-profiles/<uuid:{LAW}>/withdrawal/",
        MANAGERS,
        of=LAW,
        sees=EVERY_HOLIDAY,
        post=302,
    ),
    rest(f"{ONE}/law/", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200, put=428),
    rest("api/v1/law-profiles/", EDITORS, may_write=MANAGERS, get=200, post=422),
    rest(
        f"api/v1/law-profiles/<uuid:{LAW}>/",
        EDITORS,
        may_write=MANAGERS,
        of=LAW,
        sees=EVERY_LAW,
        get=200,
    ),
    rest(
        f"api/v1/law-profiles/<uuid:{LAW}>/withdrawal/",
        EDITORS,
        may_write=MANAGERS,
        of=LAW,
        sees=EVERY_LAW,
        post=200,
    ),
    rest("api/v1/roster-imports/", EDITORS, post=415),  # JSON brings no file
    rest(f"{REST_KEPT}/", EDITORS, of=IMPORT, sees=STAFF_ONLY, get=200),
    rest(f"{REST_KEPT}/roster/", EDITORS, of=IMPORT, sees=STAFF_ONLY, post=201),
    page(f"{PAGE}/ward/", MANAGERS, of=ROSTER, get=200, post=422),
    rest(f"{ONE}/ward/", EDITORS, of=ROSTER, sees=STAFF_ONLY, post=415),
    rest(f"{ONE}/ward.xlsx", EDITORS, of=ROSTER, sees=STAFF_ONLY, get=200),
]
