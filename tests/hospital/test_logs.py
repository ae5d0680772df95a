import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from hospital.accounts.models import Role
from hospital.core.registry import JobKind, registry
from hospital.jobs.run import JobRun
from hospital.jobs.runner import run_job
from hospital.jobs.services import enqueue
from hospital.logs import without_codes, without_values
from hospital.records.models import Patient
from hospital.urls import urlpatterns as real_urlpatterns
from tests.rows import make_department, make_encounter, make_patient, make_person

SECRETS = ("Zhang", "Wei", "P4711")  # none that an id in hexadecimal could hold
NAME = "Zhang^Wei"
NUMBER = "P4711"


def stumble_over_a_patient(request: HttpRequest) -> HttpResponse:
    """Do what a mistake of ours could do with a patient's name."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE named (name text UNIQUE)")
            cursor.execute("INSERT INTO named VALUES (%s), (%s)", [NAME, NAME])
    except IntegrityError:
        {}[NAME]
    return HttpResponse()


def stumble_in_a_job(run: JobRun) -> None:
    int(NAME)


urlpatterns = [path("stumbling/", stumble_over_a_patient), *real_urlpatterns]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the platform's own handler writes meanwhile."""
    root = logging.getLogger()
    formatter = next(
        handler.formatter
        for handler in root.handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    )
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


@pytest.fixture
def patient() -> Patient:
    return make_patient(NAME, number=NUMBER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls(__name__)
def test_no_patient_is_named_in_the_log(log: StringIO, patient: Patient) -> None:
    department = make_department()
    make_encounter(patient, department)
    client = Client(raise_request_exception=False)
    client.force_login(make_person(Role.CLINICIAN, department))

    pages = [
        client.get(address)
        for address in (
            "/patients/?search=Zhang",
            f"/patients/{patient.id}/",
            "/worklist/?search=P4711",
            "/api/v1/patients/?search=Wei",
            "/stumbling/?name=Zhang%5EWei",
        )
    ]

    text = log.getvalue()
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 500]
    assert "GET /patients/?search=…" in text
    assert "IntegrityError" in text
    assert "stumble_over_a_patient" in text
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.django_db(transaction=True)
def test_no_patient_is_named_by_a_job_that_fails(log: StringIO) -> None:
    pipeline = f"{__name__}.{stumble_in_a_job.__name__}"
    registry.job_kinds["tests.stumble"] = JobKind("tests.stumble", pipeline, "Stumble")

    run_job(enqueue(kind="tests.stumble", key="1", owner=None).id)

    del registry.job_kinds["tests.stumble"]
    text = log.getvalue()
    assert "job_fault" in text
    assert "stumble_in_a_job" in text
    assert [secret for secret in SECRETS if secret in text] == []


def test_trace_keeps_its_lines_and_loses_the_values() -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "rows.py", line 7, in save\n'
        'IntegrityError: duplicate key violates unique constraint "patient_once"\n'
        "DETAIL:  Key (name)=(Zhang^Wei) already exists.\n"
    )

    logged = without_values(None, "error", {"exception": trace})

    assert logged["exception"].splitlines() == [
        "Traceback (most recent call last):",
        '  File "rows.py", line 7, in save',
        "IntegrityError: duplicate key violates unique constraint …",
    ]


@pytest.mark.parametrize(
    ("request_line", "logged"),
    [
        ("GET /accounts/link/S3cr3t-code_x/", "GET /accounts/link/…/"),
        (
            "GET /accounts/password/reset/key/1-a-b/",
            "GET /accounts/password/reset/key/…/",
        ),
        ("GET /calendar/S3cr3t-code_x.ics", "GET /calendar/…"),
    ],
)
def test_a_secret_address_is_not_logged(request_line: str, logged: str) -> None:
    event = {"request": request_line, "event": "request_started"}

    assert without_codes(None, "info", event)["request"] == logged


def test_other_addresses_are_logged_as_they_are() -> None:
    event = {"request": "GET /studies/upload/", "event": "request_started"}

    assert without_codes(None, "info", dict(event)) == event
