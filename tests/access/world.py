"""Two departments, each with a patient and a row of every kind; one person a role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from consult.models import Conversation
from diagnosis.files import digest_of, store, store_bytes
from diagnosis.models import CriticalResult, Study
from hospital.accounts.models import Department, Role, User
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.tokens import create_api_token
from hospital.jobs.models import Job
from hospital.notices.models import Notice
from hospital.records.models import DiagnosticReport
from hospital.webhooks.services.deliveries import send_test
from hospital.webhooks.services.endpoints import make_endpoint
from tests.access.labelled import labelling_rows
from tests.consult.talks import desk_rows
from tests.diagnosis.dicom.synthetic import ct_slice, saved
from tests.hospital.knowledge.rows import make_entry, make_passage
from tests.rows import (
    NOON,
    make_department,
    make_encounter,
    make_finding,
    make_patient,
    make_person,
    make_report,
    make_study,
)
from tests.scheduling.importing.csvs import make_import
from tests.scheduling.insights import (
    make_acceptance,
    make_explanation,
    make_holiday,
    make_law,
    make_past,
)
from tests.scheduling.wards import make_asked, make_published, make_run

ROLES = (
    "stranger",
    "patient",
    "other patient",
    "nurse",
    "clinician",
    "manager",
    "administrator",
    "integrator",
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
Ids = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """Who asks, and the ids of the rows they ask for.

    Attributes:
        clients: The browser session of each role.
        tokens: A token with every scope of each role but the stranger.
        ids: By target (`own`, `other`, `none`), the value of each URL parameter.
    """

    clients: Mapping[str, Client]
    tokens: Mapping[str, str]
    ids: Mapping[str, Ids]


def make_world(folder: Path) -> World:
    """Return two departments that know nothing of each other."""
    own, other = make_department("own"), make_department("other")
    people = {
        "patient": make_person(Role.PATIENT),
        "other patient": make_person(Role.PATIENT),
        "administrator": make_person(Role.ADMINISTRATOR),
        "integrator": make_person(Role.INTEGRATOR, own),
        "nurse": make_person(Role.NURSE, own),
        "clinician": make_person(Role.CLINICIAN, own),
        "manager": make_person(Role.MANAGER, own),
    }
    stranger_there = make_person(Role.CLINICIAN, other)
    return World(
        clients={role: _browser(people.get(role)) for role in ROLES},
        tokens={role: _token(user) for role, user in people.items()},
        ids={
            "own": {
                **_rows(own, people["patient"], people["clinician"], folder),
                **_webhook(people["integrator"]),
                **_library("published"),
            },
            "other": {
                **_rows(other, people["other patient"], stranger_there, folder),
                **_webhook(make_person(Role.INTEGRATOR, other)),
                **_library("draft"),
            },
            "none": _nothing(),
        },
    )


def _browser(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def _token(user: User) -> str:
    """Return a token with every scope, used a moment ago: its use writes nothing."""
    row, text = create_api_token(user=user, name="matrix", scopes=all_scopes())
    row.last_used = timezone.now() + timedelta(hours=1)
    row.save(update_fields=["last_used"])
    return text


def _rows(department: Department, account: User, reader: User, folder: Path) -> Ids:
    """Return the ids of one row of each kind in a department."""
    patient = make_patient(user=account)
    make_encounter(patient, department)
    study = make_study(department, patient=patient)
    _store_file(study, folder)
    finding = make_finding(study)
    finding.saliency_digest = store_bytes(PNG)
    finding.save()
    make_report(study, reader)
    series = study.series.get()
    instance = series.instances.get()
    critical = CriticalResult.objects.create(
        study=study, reason="Pneumothorax", raised_by=reader
    )
    record = DiagnosticReport.objects.create(
        patient=patient,
        department=department,
        code="CT",
        title="CT chest",
        impression="Nothing new.",
        issued=NOON,
        signed_by=reader,
    )
    job = Job.objects.create(
        kind="diagnosis.read_study", key=str(study.pk), department=department
    )
    roster = make_published(department)
    run = make_run(roster)
    nurses = department.people.filter(role=Role.NURSE)
    nurse = nurses.first() or make_person(Role.NURSE, department)
    explanation, past = make_explanation(roster), make_past(department)
    token = create_api_token(user=reader, name="x", scopes=[])[0]
    notice = Notice.objects.create(user=reader, kind="rosters.published")
    return {
        "department_id": str(department.pk),
        "patient_id": str(patient.pk),
        "study_id": str(study.pk),
        "series_id": str(series.pk),
        "instance_id": str(instance.pk),
        "finding_id": str(finding.pk),
        "report_id": str(record.pk),
        "critical_id": str(critical.pk),
        "job_id": str(job.pk),
        "token_id": str(token.pk),
        "notice_id": str(notice.pk),
        "conversation_id": str(Conversation.objects.create(owner=account).pk),
        **desk_rows(department),
        **labelling_rows(department, reader),
        **make_asked(roster, nurse),
        "import_id": str(make_import(roster.created_by, department).pk),
        "roster_id": str(roster.pk),
        "run_id": str(run.pk),
        "explanation_id": str(explanation.pk),
        "past_id": str(past.pk),
        "acceptance_id": str(make_acceptance(past, roster).pk),
        "holiday_id": str(make_holiday().pk),
        "law_id": str(make_law().pk),
        "study": study.study_instance_uid,
        "series": series.series_instance_uid,
        "instance": instance.sop_instance_uid,
        **_fixed(),
    }


def _webhook(owner: User) -> Ids:
    """Return the ids of somebody's webhook and of a message that waits."""
    endpoint, _secret = make_endpoint(
        owner=owner, url="https://engine.example/", event_types=["roster.published"]
    )
    delivery = send_test(endpoint)
    return {"endpoint_id": str(endpoint.pk), "delivery_id": str(delivery.pk)}


def _library(state: str) -> Ids:
    passage = make_passage(make_entry(state=state), citation=f"{state}/en")
    return {"entry_id": str(passage.entry_id), "citation": passage.citation}


def _nothing() -> Ids:
    """Return ids that name nothing."""
    uuids = "conversation department entry patient study series instance finding report critical job import token notice endpoint delivery roster run explanation past acceptance holiday law period request leave swap talk turn project loan label label_export label_import"
    return {
        **{f"{name}_id": str(uuid4()) for name in uuids.split()},
        "citation": "nothing/en",
        "study": "2.25.404",
        "series": "2.25.404.1",
        "instance": "2.25.404.1.1",
        **_fixed(),
    }


def _fixed() -> Ids:
    """Return the parameters that name no row."""
    return {
        "frame": "1",
        "frames": "1",
        "page": "start",
        "name": "shortcuts",
        "list_name": "worklist",
        "profile": "own-rules",
        "version": "404",
        "code": "AAAAAAAAAAAAAAAAAAAAAAAA",
        "key": "4-abc",
        "uidb36": "4",
        "pk": "1",
        "form": "table",
        "rule_id": "00000000-0000-4000-8000-000000000404",
        # the administration's own
        "url": "nothing",
        "object_id": "404",
        "content_type_id": "1",
        "app_label": "accounts",
        "from_url": "x",
        "id": "404",
    }


def _store_file(study: Study, folder: Path) -> None:
    instance = study.series.get().instances.get()
    path = saved(
        ct_slice(
            StudyInstanceUID=study.study_instance_uid,
            SeriesInstanceUID=instance.series.series_instance_uid,
            SOPInstanceUID=instance.sop_instance_uid,
        ),
        folder / f"{study.pk}.dcm",
    )
    instance.digest = digest_of(path)
    instance.size_bytes = path.stat().st_size
    instance.rows, instance.columns = 8, 6
    store(path, digest=instance.digest)
    instance.save()
