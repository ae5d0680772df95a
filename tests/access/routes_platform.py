"""The ground: first page, help, health, jobs, events, metrics, language, schema."""

from tests.access.route import EVERYBODY, STRANGERS, Route, page, rest

# A job is seen by who asked for it and by the staff of its department.
JOB = {
    "nurse": {"own"},
    "clinician": {"own"},
    "manager": {"own"},
    "administrator": {"own", "other"},
}
STOP = frozenset({"clinician", "manager", "administrator"})
SEES_NO_JOB = frozenset({"patient", "other patient", "integrator"})

NOTICE = {"clinician": {"own"}}  # one's own alone: whose it is in this world
NOTICES = [
    page("notices/", EVERYBODY, get=200),
    page("notices/bell/", EVERYBODY, get=200),
    page("notices/read/", EVERYBODY, post=302),
    page("notices/mail/", EVERYBODY, post=302),
    page(
        "notices/<uuid:notice_id>/read/",
        EVERYBODY,
        of="notice_id",
        sees=NOTICE,
        post=302,
    ),
    rest("api/v1/^notices/$", EVERYBODY, get=200),
    rest("api/v1/^notices/read/$", EVERYBODY, post=200),
    rest(
        "api/v1/^notices/(?P<pk>[^/.]+)/$",
        EVERYBODY,
        of="notice_id",
        sees=NOTICE,
        get=200,
    ),
    rest(
        "api/v1/^notices/(?P<pk>[^/.]+)/read/$",
        EVERYBODY,
        of="notice_id",
        sees=NOTICE,
        post=200,
    ),
]

ROUTES = [
    *NOTICES,
    page("", EVERYBODY, get=302),
    page("livez", STRANGERS, get=200),
    page("readyz", STRANGERS, get=200),
    page("help/", EVERYBODY, get=200),
    page("help/<slug:page>/", EVERYBODY, get=200),
    page("i18n/setlang/", STRANGERS, post=302),
    page("jobs/", EVERYBODY, get=200),
    page("jobs/open/", EVERYBODY, get=200),
    page("jobs/<uuid:job_id>/", EVERYBODY, of="job_id", sees=JOB, get=200),
    page(
        "jobs/<uuid:job_id>/cancellation/",
        STOP | SEES_NO_JOB,
        of="job_id",
        sees=JOB,
        post=302,
    ),
    page(
        "jobs/<uuid:job_id>/retry/", STOP | SEES_NO_JOB, of="job_id", sees=JOB, post=409
    ),
    Route(
        "events/",
        "rest",
        EVERYBODY,
        {"GET": 200},
        of="job_id",
        sees=JOB,
        query="?topics=job:<job_id>",
        unseen=403,  # of several topics, none says which of them is not there
    ),
    rest("metrics", {"administrator", "integrator"}, get=200),
    rest("api/v1/schema/", STRANGERS, get=200),
    page("api/v1/docs/", STRANGERS, get=200),
    rest("api/v1/^jobs/$", EVERYBODY, get=200),
    rest("api/v1/^jobs/(?P<pk>[^/.]+)/$", EVERYBODY, of="job_id", sees=JOB, get=200),
    rest(
        "api/v1/^jobs/(?P<pk>[^/.]+)/cancellation/$",
        STOP | SEES_NO_JOB,
        of="job_id",
        sees=JOB,
        post=202,
    ),
    rest(
        "api/v1/^jobs/(?P<pk>[^/.]+)/retry/$",
        STOP | SEES_NO_JOB,
        of="job_id",
        sees=JOB,
        post=409,
    ),
]
