"""Patients and their own pages."""

from tests.access.route import EVERYBODY, PATIENTS, STAFF, page, rest

ROUTES = [
    page("patients/", STAFF, get=200),
    page("patients/<uuid:patient_id>/", STAFF, of="patient_id", get=200),
    page("my/", PATIENTS, get=200),
    page("my/reports/<uuid:report_id>/", PATIENTS, of="report_id", get=200),
    rest("api/v1/^patients/$", EVERYBODY, get=200),
    rest("api/v1/^patients/(?P<pk>[^/.]+)/$", EVERYBODY, of="patient_id", get=200),
]
