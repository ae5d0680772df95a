"""Takes an upload: files first into the store, then all rows in one transaction.

Order matters. A file is safe in the store before any row names it, and rows and the
reading's job commit together; so whatever interrupts an upload leaves at worst files
that no row names, which `sweep.py` removes.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.utils.translation import gettext as _

from diagnosis import files, refusals
from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.header import Header
from diagnosis.dicom.limits import MAX_UPLOAD_METADATA_BYTES
from diagnosis.dicom.pool import decoder_pool
from diagnosis.models import Priority, Study
from diagnosis.services.incoming import (
    IncomingFile,
    Rejection,
    Staging,
    check_size,
    copied,
    opened,
    staging_folder,
)
from diagnosis.services.reading_jobs import enqueue_readings
from diagnosis.services.study_rows import Arrival, ReadFile, save_rows
from hospital.accounts.models import Department, Role
from hospital.accounts.principal import Principal
from hospital.core.errors import InvalidInput, NotPermitted
from hospital.jobs.models import Job
from hospital.records.models import Encounter, Patient

PREAMBLE_BYTES = 128
READERS = 4  # threads: while one waits for a child, others write and hash


@dataclass(frozen=True, slots=True)
class Upload:
    """What one upload resulted in."""

    studies: list[Study] = field(default_factory=list)
    job: Job | None = None
    accepted: list[ReadFile] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What makes an image's identifiers: the same image there is the same study."""

    department: Department
    patient: Patient | None


def ingest_upload(
    incoming: Sequence[IncomingFile],
    *,
    principal: Principal,
    department: Department | None = None,
    patient: Patient | None = None,
    priority: str = Priority.ROUTINE,
    only_study: str | None = None,
) -> Upload:
    """Store what can be read of an upload, and queue its reading.

    Args:
        incoming: The files; they are staged ones of ours and may be changed.
        principal: Who uploads.
        department: Where the studies go; see `upload_department` for the default.
        patient: Whose images these are, where the uploader says so.
        priority: `stat` or `routine`.
        only_study: The one Study Instance UID that may come.

    Raises:
        DomainError: The principal may not upload, or the upload breaks a limit.
    """
    if principal.role == Role.PATIENT:
        raise NotPermitted(_("Patients cannot upload studies."), code="not_permitted")
    home = upload_department(principal, wanted=department, patient=patient)
    check_size(incoming)
    rejected: list[Rejection] = []
    with staging_folder() as folder:
        staging = Staging(Path(folder))
        read = _read_all(
            list(opened(incoming, staging, rejected)),
            staging,
            origin=_Origin(home, patient),
            rejected=rejected,
        )
        if not read:
            return Upload(rejected=rejected)
        arrival = Arrival(
            principal=principal,
            department=home,
            patient=patient,
            priority=priority,
            only_study=only_study,
        )
        saved = save_rows(read, arrival, after=enqueue_readings)
    return Upload(
        studies=saved.studies,
        job=saved.job,
        accepted=saved.accepted,
        rejected=[*rejected, *saved.rejected],
    )


def upload_department(
    principal: Principal, *, wanted: Department | None, patient: Patient | None
) -> Department:
    """Return where an upload's studies go.

    The department asked for; else where the patient was last seen; else the one that
    the setting UPLOAD_DEPARTMENT names; else the first that the uploader has joined, by
    name; else, for whoever sees every department, the first of all.

    Raises:
        DomainError: The uploader belongs to no department, or not to the one asked for.
    """
    own = Department.objects.order_by("name")
    if not principal.sees_every_department:
        own = own.filter(id__in=principal.department_ids)
    if wanted is not None:
        if not own.filter(id=wanted.id).exists():
            raise NotPermitted(
                _("You do not belong to that department."), code="not_your_department"
            )
        return wanted
    if patient is not None:
        seen = Encounter.objects.filter(patient=patient, department__in=own)
        last = seen.order_by("-started").select_related("department").first()
        if last is not None:
            return last.department
    joined = own.filter(id__in=principal.department_ids)
    first = (
        own.filter(code=settings.UPLOAD_DEPARTMENT).first()
        or joined.first()
        or own.first()
    )
    if first is None:
        raise InvalidInput(
            _("You belong to no department, so the study would belong nowhere."),
            code="no_department",
        )
    return first


def _read_all(
    incoming: Sequence[IncomingFile],
    staging: Staging,
    *,
    origin: _Origin,
    rejected: list[Rejection],
) -> list[ReadFile]:
    """Return the readable files, each safe in the store."""
    budget = _MetadataBudget()

    def read(file: IncomingFile) -> ReadFile | Rejection:
        try:
            return _read(file, staging, origin, budget)
        except DicomRefused as refusal:
            return Rejection(file.name, refusal.code, refusals.sentence(refusal))

    with ThreadPoolExecutor(READERS) as readers:
        outcomes = list(readers.map(read, incoming))
    rejected += [one for one in outcomes if isinstance(one, Rejection)]
    return [one for one in outcomes if isinstance(one, ReadFile)]


@dataclass(slots=True)
class _MetadataBudget:
    """How much of its files' attributes one upload may keep until they are saved."""

    used_bytes: int = 0
    lock: Lock = field(default_factory=Lock)

    def take(self, size: int) -> None:
        with self.lock:
            self.used_bytes += size
            if self.used_bytes > MAX_UPLOAD_METADATA_BYTES:
                raise DicomRefused("too_large", "(the attributes of all files)")


def _read(
    file: IncomingFile, staging: Staging, origin: _Origin, budget: _MetadataBudget
) -> ReadFile:
    pool = decoder_pool()
    path = file.path
    facts = pool.read(path)
    if facts.header.kind == "image":
        path = _image_as_dicom(file, staging, origin)
        facts = pool.read(path)
    budget.take(len(facts.attributes_json))
    path = _with_inert_preamble(path, facts.header, staging)
    digest = files.digest_of(path)
    files.store(path, digest=digest)
    return ReadFile(
        name=file.name,
        digest=digest,
        size_bytes=path.stat().st_size,
        header=facts.header,
        attributes_json=facts.attributes_json,
    )


def _image_as_dicom(file: IncomingFile, staging: Staging, origin: _Origin) -> Path:
    """Return a PNG or JPEG image as a staged DICOM file, a study of its own."""
    patient = origin.patient.id if origin.patient else "unknown"
    seed = f"{origin.department.id}:{patient}:{files.digest_of(file.path)}"
    identity = {
        "study_instance_uid": _uid(f"{seed}:study"),
        "series_instance_uid": _uid(f"{seed}:series"),
        "sop_instance_uid": _uid(f"{seed}:instance"),
    }
    path = staging.next_path()
    path.write_bytes(decoder_pool().image_as_dicom(file.path, identity))
    return path


def _uid(seed: str) -> str:
    """Return a UID of the UUID kind (DICOM PS3.5 B.2), the same for the same seed."""
    return f"2.25.{int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16])}"


def _with_inert_preamble(path: Path, header: Header, staging: Staging) -> Path:
    """Return the file as Part 10 with a preamble of zeros, changed in place if it can.

    A preamble may be an executable or a web page (DICOM PS3.10 7.1).
    """
    prefix = bytes.fromhex(header.prefix_hex)
    if header.skip_bytes != PREAMBLE_BYTES or len(prefix) != PREAMBLE_BYTES:
        return copied(path, staging, prefix=prefix, skip=header.skip_bytes)
    with path.open("r+b") as file:
        if file.read(PREAMBLE_BYTES) != prefix:
            file.seek(0)
            file.write(prefix)
    return path
