"""Studies, findings and reports: pages and REST.

A person's own session or token judges and signs, a clinician's alone; an integrator
uploads and reads. Empty forms are sent, so the right person gets 4xx, not a change.
"""

from tests.access.route import (
    ADMINISTRATOR,
    CLINICIAN,
    EVERYBODY,
    STAFF,
    STAFF_ONLY,
    page,
    rest,
)

STUDY, FINDING, CRITICAL = "study_id", "finding_id", "critical_id"
UPLOADERS = STAFF | {"integrator"}

PAGES = [
    page("worklist/", STAFF, get=302),
    page("studies/of-patient/", STAFF, get=404),
    page("studies/upload/", STAFF, get=200),
    page("studies/<uuid:study_id>/", STAFF, of=STUDY, get=200),
    page("studies/<uuid:study_id>/series/", STAFF, of=STUDY, get=200),
    page("studies/<uuid:study_id>/findings/", STAFF, of=STUDY, get=200),
    page("findings/<uuid:finding_id>/saliency/", STAFF, of=FINDING, get=200),
    page("findings/<uuid:finding_id>/verdict/", CLINICIAN, of=FINDING, post=422),
    page("series/<uuid:series_id>/images/", STAFF, of="series_id", get=200),
    page(
        "studies/<uuid:study_id>/report/",
        STAFF,
        may_write=CLINICIAN,
        of=STUDY,
        get=200,
        post=422,
    ),
    page("studies/<uuid:study_id>/report.pdf", STAFF, of=STUDY, get=200),
    page("studies/<uuid:study_id>/report/print/", STAFF, of=STUDY, get=200),
    page("studies/<uuid:study_id>/report/signature/", CLINICIAN, of=STUDY, post=422),
    page("studies/<uuid:study_id>/report/addenda/", CLINICIAN, of=STUDY, post=422),
    page(
        "studies/<uuid:study_id>/critical-results/",
        STAFF,
        may_write=CLINICIAN,
        of=STUDY,
        get=302,
        post=422,
    ),
    page(
        "critical-results/<uuid:critical_id>/acknowledgement/",
        CLINICIAN,
        of=CRITICAL,
        post=422,
    ),
]

REST = [
    rest("api/v1/^studies/$", EVERYBODY, may_write=UPLOADERS, get=200, post=415),
    rest("api/v1/^studies/(?P<pk>[^/.]+)/$", EVERYBODY, of=STUDY, get=200),
    rest("api/v1/^series/$", EVERYBODY, get=200),
    rest("api/v1/^series/(?P<pk>[^/.]+)/$", EVERYBODY, of="series_id", get=200),
    rest("api/v1/^instances/$", EVERYBODY, get=200),
    rest("api/v1/^instances/(?P<pk>[^/.]+)/$", EVERYBODY, of="instance_id", get=200),
]

REPORTS = [
    rest(
        "api/v1/studies/<uuid:study_id>/report/",
        EVERYBODY,
        may_write=CLINICIAN,
        of=STUDY,
        sees=STAFF_ONLY,  # the report is not signed yet
        get=200,
        put=428,
    ),
    rest("api/v1/studies/<uuid:study_id>/report/draft/", CLINICIAN, of=STUDY, get=200),
    rest(
        "api/v1/studies/<uuid:study_id>/report/signature/",
        CLINICIAN,
        of=STUDY,
        post=403,
    ),
    rest(
        "api/v1/studies/<uuid:study_id>/report/addenda/", CLINICIAN, of=STUDY, post=400
    ),
    rest(
        "api/v1/studies/<uuid:study_id>/critical-results/",
        EVERYBODY,  # a patient gets an empty list
        may_write=CLINICIAN,
        of=STUDY,
        get=200,
        post=422,
    ),
    rest(
        "api/v1/critical-results/<uuid:critical_id>/acknowledgement/",
        CLINICIAN,
        of=CRITICAL,
        sees=STAFF_ONLY,
        post=422,
    ),
    rest(
        "api/v1/studies/<uuid:study_id>/findings/",
        EVERYBODY,  # a patient gets an empty list until the study is signed
        of=STUDY,
        get=200,
    ),
    rest(
        "api/v1/findings/<uuid:finding_id>/saliency/",
        EVERYBODY,
        of=FINDING,
        sees=STAFF_ONLY,  # the study is not signed yet
        get=200,
    ),
    rest(
        "api/v1/findings/<uuid:finding_id>/verdicts/",
        CLINICIAN,
        of=FINDING,
        sees=STAFF_ONLY,
        post=400,
    ),
]

# A model that is not in the store: who may gets 404.
MODELS = [
    page("models/", STAFF, get=200),
    page("models/rollback/", ADMINISTRATOR, post=(302, 409)),
    page("models/monitoring/", STAFF - {"nurse"}, get=200),
    page("models/monitoring/rules/<uuid:rule_id>/", ADMINISTRATOR, post=404),
    page("models/renewals/", ADMINISTRATOR, post=(302, 409)),
    page("models/shadow/ending/", ADMINISTRATOR, post=(302, 409)),
    page("models/<slug:name>/<str:version>/shadow/", ADMINISTRATOR, post=404),
    page("models/<slug:name>/<str:version>/", STAFF, get=404),
    page("models/<slug:name>/<str:version>/evaluation/", STAFF, get=404),
    page("models/<slug:name>/<str:version>/data/", STAFF, get=404),
    page("models/<slug:name>/<str:version>/activation/", ADMINISTRATOR, post=404),
    rest("api/v1/models/", UPLOADERS, get=200),
    rest("api/v1/models/<slug:name>/<str:version>/", UPLOADERS, get=404),
    rest(
        "api/v1/models/<slug:name>/<str:version>/activation/", ADMINISTRATOR, post=404
    ),
]

ROUTES = PAGES + REST + REPORTS + MODELS
