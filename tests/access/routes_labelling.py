"""Labelling: pages and REST.

Whoever is named labels, an administrator or manager sets up, an administrator alone
takes labels out or brings them in. A loan is its reader's alone.
"""

from tests.access.route import ADMINISTRATOR, CLINICIAN, page, rest

PROJECT, LOAN, LABEL = "project_id", "loan_id", "label_id"
EXPORT, IMPORT = "label_export_id", "label_import_id"
OVERSEERS = frozenset({"manager", "administrator"})
ALL = OVERSEERS | CLINICIAN
OWN = {"clinician": {"own"}}
EVERY = {"administrator": {"own", "other"}}
SEEN = {**OWN, **EVERY, "manager": {"own"}}

PAGES = [
    page("labelling/", ALL, get=200),
    page("labelling/new/", OVERSEERS, get=200, post=422),
    page("labelling/<uuid:project_id>/", ALL, of=PROJECT, sees=SEEN, get=200),
    page(
        "labelling/<uuid:project_id>/change/",
        OVERSEERS,
        of=PROJECT,
        sees=SEEN,
        get=200,
        post=422,
    ),
    page(
        "labelling/<uuid:project_id>/closing/",
        OVERSEERS,
        of=PROJECT,
        sees=SEEN,
        post=302,
    ),
    page(
        "labelling/<uuid:project_id>/agreement/",
        ALL,
        of=PROJECT,
        sees={**SEEN, "clinician": set()},  # a reader, while others still read
        get=200,
    ),
    page(
        "labelling/<uuid:project_id>/loans/", CLINICIAN, of=PROJECT, sees=OWN, post=302
    ),
    page(
        "labelling/<uuid:project_id>/exports/",
        ADMINISTRATOR,
        of=PROJECT,
        sees=EVERY,
        post=422,
    ),
    page(
        "labelling/<uuid:project_id>/exports/<slug:form>/",
        ADMINISTRATOR,
        of=PROJECT,
        sees=EVERY,
        get=200,
    ),
    page(
        "labelling/<uuid:project_id>/imports/",
        ADMINISTRATOR,
        of=PROJECT,
        sees=EVERY,
        post=302,
    ),
    page(
        "labelling/loans/<uuid:loan_id>/",
        CLINICIAN,
        of=LOAN,
        sees=OWN,
        get=200,
        post=422,
    ),
    page(
        "labelling/loans/<uuid:loan_id>/skip/", CLINICIAN, of=LOAN, sees=OWN, post=422
    ),
    page(
        "labelling/labels/<uuid:label_id>/revision/",
        CLINICIAN,
        of=LABEL,
        sees=OWN,
        post=302,
    ),
    page(
        "labelling/exports/<uuid:label_export_id>/",
        ADMINISTRATOR,
        of=EXPORT,
        sees=EVERY,
        get=200,
    ),
    page(
        "labelling/imports/<uuid:label_import_id>/",
        ADMINISTRATOR,
        of=IMPORT,
        sees=EVERY,
        get=200,
        post=302,
    ),
]

PROJECTS = "api/v1/labelling-projects/"
REST = [
    rest(PROJECTS, ALL, may_write=OVERSEERS, get=200, post=400),
    rest(f"{PROJECTS}<uuid:project_id>/", ALL, of=PROJECT, sees=SEEN, get=200),
    rest(f"{PROJECTS}<uuid:project_id>/labels/", ALL, of=PROJECT, sees=SEEN, get=200),
    rest(
        f"{PROJECTS}<uuid:project_id>/agreement/",
        ALL,
        of=PROJECT,
        sees={**SEEN, "clinician": set()},
        get=200,
    ),
    rest(
        f"{PROJECTS}<uuid:project_id>/loans/",
        CLINICIAN,
        of=PROJECT,
        sees=OWN,
        post=201,
    ),
    rest(
        f"{PROJECTS}<uuid:project_id>/exports/",
        ADMINISTRATOR,
        of=PROJECT,
        sees=EVERY,
        post=400,
    ),
    rest(
        f"{PROJECTS}<uuid:project_id>/imports/",
        ADMINISTRATOR,
        of=PROJECT,
        sees=EVERY,
        post=415,
    ),
    rest(
        "api/v1/labelling-loans/<uuid:loan_id>/label/",
        CLINICIAN,
        of=LOAN,
        sees=OWN,
        post=400,
    ),
    rest(
        "api/v1/labelling-loans/<uuid:loan_id>/skip/",
        CLINICIAN,
        of=LOAN,
        sees=OWN,
        post=422,
    ),
    rest(
        "api/v1/labels/<uuid:label_id>/revision/",
        CLINICIAN,
        of=LABEL,
        sees=OWN,
        post=201,
    ),
    rest(
        "api/v1/label-exports/<uuid:label_export_id>/",
        ADMINISTRATOR,
        of=EXPORT,
        sees=EVERY,
        get=200,
    ),
    rest(
        "api/v1/label-imports/<uuid:label_import_id>/",
        ADMINISTRATOR,
        of=IMPORT,
        sees=EVERY,
        get=200,
        post=409,
    ),
]

ROUTES = PAGES + REST
