"""Rows of an upload: patients, studies, series, instances, quarantine, all or none."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone

from diagnosis import refusals
from diagnosis.dicom import geometry
from diagnosis.dicom.header import Header
from diagnosis.models import (
    Instance,
    Priority,
    QuarantinedFile,
    Series,
    Study,
    StudyStatus,
)
from diagnosis.ranking import rank_study
from diagnosis.services.incoming import Rejection
from hospital.accounts.models import Department
from hospital.accounts.principal import Principal
from hospital.audit.services import record_access
from hospital.jobs.models import Job
from hospital.records.models import (
    HOSPITAL_NUMBER,
    EncounterKind,
    Patient,
    PatientIdentifier,
    Script,
    Sex,
)
from hospital.records.selectors import patients_visible_to
from hospital.records.services import (
    Identity,
    contradicts,
    ensure_patient,
    open_encounter,
)

BATCH, BATCH_BYTES = 500, 8 * 1024**2
LOCK_SPACE, LOCK_BUCKETS = 0x53_54_55, 64  # few locks, however many studies
ATTEMPTS = 3
CONFLICT = "The SOP Instance UID is stored with other bytes."
SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, "O": Sex.OTHER}
OPEN_STATUSES = (
    StudyStatus.RECEIVED,
    StudyStatus.QUEUED,
    StudyStatus.READ,
    StudyStatus.FAILED,
)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file whose header was read and whose bytes are in the store."""

    name: str
    digest: str
    size_bytes: int
    header: Header
    attributes_json: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who brings an upload, where to, for whom."""

    principal: Principal
    department: Department
    patient: Patient | None
    priority: str
    only_study: str | None = None


@dataclass(slots=True)
class Saved:
    """What became rows: studies in the order they came, and what did not."""

    studies: list[Study] = field(default_factory=list)
    changed: list[Study] = field(default_factory=list)  # those with new instances
    accepted: list[ReadFile] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    job: Job | None = None

    def reject(self, files: Sequence[ReadFile], code: str) -> None:
        message = str(refusals.SENTENCES[code])
        self.rejected += [
            Rejection(
                file.name,
                code,
                message,
                sop_class_uid=file.header.sop_class_uid,
                sop_instance_uid=file.header.sop_instance_uid,
            )
            for file in files
        ]


def save_rows(
    files: Sequence[ReadFile],
    arrival: Arrival,
    *,
    after: Callable[[Saved, Arrival], Job | None],
) -> Saved:
    """Save an upload's rows and what `after` adds, in one transaction.

    Uploads of one study wait for each other. What two uploads of different studies can
    still collide on is a unique column; the loser starts again and finds the winner's
    rows.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                saved = _save(files, arrival)
                return replace(saved, job=after(saved, arrival))
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    message = "the loop above returns or raises"
    raise AssertionError(message)


def _save(files: Sequence[ReadFile], arrival: Arrival) -> Saved:
    saved = Saved()
    groups: dict[str, list[ReadFile]] = {}
    for file in _of_one_patient(files, arrival, saved):
        groups.setdefault(file.header.study_instance_uid, []).append(file)
    _lock(groups)
    known = Study.objects.select_for_update(of=("self",)).in_bulk(
        list(groups), field_name="study_instance_uid"
    )
    for uid, group in groups.items():
        if arrival.only_study not in (None, uid):
            saved.reject(group, "study_mismatch")
            continue
        _save_study(known.get(uid), group, arrival, saved)
    return saved


def _of_one_patient(
    files: Sequence[ReadFile], arrival: Arrival, saved: Saved
) -> Sequence[ReadFile]:
    """Return the files; none where a patient was named and the files name several."""
    numbers = {_number_of(file.header) for file in files} - {None}
    if arrival.patient is not None and len(numbers) > 1:
        saved.reject(files, "several_patients")
        return []
    return files


def _lock(uids: dict[str, list[ReadFile]]) -> None:
    """Wait for other uploads of these studies; always in the same order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT abs(hashtext(uid) %% %s) FROM unnest(%s::text[]) uid",
            [LOCK_BUCKETS, list(uids)],
        )
        for bucket in sorted(row[0] for row in cursor.fetchall()):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, bucket])


def _save_study(
    study: Study | None, files: Sequence[ReadFile], arrival: Arrival, saved: Saved
) -> None:
    if study is not None and not _may_add_to(study, arrival.principal):
        saved.reject(files, "study_elsewhere")
        return
    sorted_out = _sort_out(files)
    new = _of_its_patient(study, sorted_out.new, arrival, saved)
    new = _of_its_series(study, new, saved)
    if study is None and new:
        study = _create_study(new, arrival)
    taken = _save_instances(study, new) if study and new else []
    saved.accepted += [*sorted_out.repeated, *taken]
    _quarantine(sorted_out.conflicting, arrival, saved)
    if study is None or not (taken or sorted_out.repeated):
        return
    saved.studies.append(study)
    if taken:
        _update_study(study, arrival)
        saved.changed.append(study)


def _may_add_to(study: Study, principal: Principal) -> bool:
    return (
        principal.sees_every_department
        or study.department_id in principal.department_ids
    )


@dataclass(slots=True)
class _SortedOut:
    """A study's files by what is known of their SOP Instance UID."""

    new: list[ReadFile] = field(default_factory=list)
    repeated: list[ReadFile] = field(default_factory=list)  # the same bytes again
    conflicting: list[ReadFile] = field(default_factory=list)  # other bytes


def _sort_out(files: Sequence[ReadFile]) -> _SortedOut:
    uids = {file.header.sop_instance_uid for file in files}
    digests = dict(
        Instance.objects.filter(sop_instance_uid__in=uids).values_list(
            "sop_instance_uid", "digest"
        )
    )
    result = _SortedOut()
    for file in files:
        uid = file.header.sop_instance_uid
        if uid not in digests:
            digests[uid] = file.digest
            result.new.append(file)
        elif digests[uid] == file.digest:
            result.repeated.append(file)
        else:
            result.conflicting.append(file)
    return result


def _of_its_patient(
    study: Study | None, files: list[ReadFile], arrival: Arrival, saved: Saved
) -> list[ReadFile]:
    """Return the files of the study's patient; the first file's, for a new study.

    A number is easily mistyped, or forged. So a file with a known patient's number is
    that patient's only where neither birth date nor sex says otherwise.
    """
    named = arrival.patient
    if named and study and study.patient_id != named.id:
        saved.reject(files, "patient_mismatch")
        return []
    wanted = None if named else _wanted_numbers(study, files)
    patient_id = named.id if named else study.patient_id if study else None
    owners = _owners(files)

    def is_own(file: ReadFile) -> bool:
        number = _number_of(file.header)
        owner = owners.get(number) if number else None
        if owner and contradicts(_identity(file.header), owner):
            return False
        if owner and patient_id not in (None, owner.id):
            return False
        return wanted is None or number in wanted

    own = [file for file in files if is_own(file)]
    saved.reject([file for file in files if file not in own], "patient_mismatch")
    return own


def _wanted_numbers(
    study: Study | None, files: Sequence[ReadFile]
) -> set[tuple[str, str] | None]:
    if study is None:
        return {_number_of(file.header) for file in files[:1]}
    rows = PatientIdentifier.objects.filter(patient=study.patient_id)
    return {*rows.values_list("system", "value")} or {None}


def _owners(files: Sequence[ReadFile]) -> dict[tuple[str, str], Patient]:
    """Return the known patients whose numbers the files carry, by number."""
    values = {file.header.patient_id for file in files} - {""}
    rows = PatientIdentifier.objects.filter(value__in=values).select_related("patient")
    return {(row.system, row.value): row.patient for row in rows}


def _number_of(header: Header) -> tuple[str, str] | None:
    """Return who numbered the patient and the number, if there is one."""
    if not header.patient_id:
        return None
    issuer = header.issuer_of_patient_id
    system = f"urn:anji:issuer:{issuer}" if issuer else HOSPITAL_NUMBER
    return system, header.patient_id


def _create_study(files: Sequence[ReadFile], arrival: Arrival) -> Study:
    header = files[0].header
    patient = arrival.patient or _admitted(header, arrival.principal)
    encounter = open_encounter(
        patient=patient,
        department=arrival.department,
        kind=EncounterKind.IMAGING,
        started=_started(header),
        reason=header.study_description,
    )
    rank = rank_study(is_stat=arrival.priority == Priority.STAT)
    return Study.objects.create(
        department=arrival.department,
        patient=patient,
        encounter=encounter,
        study_instance_uid=header.study_instance_uid,
        study_id=header.study_id,
        accession_number=header.accession_number,
        description=header.study_description,
        modality=_modality(files),
        study_date=date.fromisoformat(header.study_date) if header.study_date else None,
        study_time=header.study_time,
        priority=arrival.priority,
        rank=rank.value,
        rank_reason=rank.reasons,
    )


def _admitted(header: Header, principal: Principal) -> Patient:
    """Return the patient of a new study; write down who came to see a known one by it.

    Raises:
        IntegrityError: Another upload has just made the patient, with other facts.
    """
    number = _number_of(header)
    known = PatientIdentifier.objects.filter(
        system=number[0] if number else "", value=number[1] if number else ""
    ).exists()
    patient = ensure_patient(_identity(header))
    if contradicts(_identity(header), patient):
        message = "the patient was made meanwhile, with other facts"
        raise IntegrityError(message)
    if known and not patients_visible_to(principal).filter(id=patient.id).exists():
        record_access(principal, action="admit", record=patient, patient_id=patient.id)
    return patient


def _identity(header: Header) -> Identity:
    system, number = _number_of(header) or (HOSPITAL_NUMBER, "")
    names = {
        Script.ALPHABETIC: _readable(header.alphabetic_name),
        Script.IDEOGRAPHIC: _readable(header.ideographic_name),
        Script.PHONETIC: _readable(header.phonetic_name),
    }
    born = header.patient_birth_date
    return Identity(
        number=number,
        system=system,
        names={str(script): text for script, text in names.items() if text},
        birth_date=date.fromisoformat(born) if born else None,
        sex=SEXES.get(header.patient_sex, Sex.UNKNOWN),
    )


def _readable(name: str) -> str:
    """Return a DICOM person name as people read it: family name first."""
    return " ".join(part for part in name.split("^") if part.strip())


def _started(header: Header) -> datetime:
    """Return when the images were taken, as far as that is known and past."""
    now = timezone.now()
    if not header.study_date:
        return now
    taken = datetime.fromisoformat(
        f"{header.study_date}T{header.study_time or '00:00'}"
    )
    return min(taken.replace(tzinfo=UTC), now)


def _modality(files: Sequence[ReadFile]) -> str:
    """Return the modality of most images, or of most objects where none is an image."""
    images = [file for file in files if file.header.has_pixels] or files
    return Counter(file.header.modality for file in images).most_common(1)[0][0]


def _of_its_series(
    study: Study | None, files: list[ReadFile], saved: Saved
) -> list[ReadFile]:
    """Return the files whose series is not stored under another study."""
    uids = {file.header.series_instance_uid for file in files}
    known = Series.objects.filter(series_instance_uid__in=uids)
    rows = known.exclude(study=study) if study else known
    elsewhere = set(rows.values_list("series_instance_uid", flat=True))
    misplaced = [f for f in files if f.header.series_instance_uid in elsewhere]
    saved.reject(misplaced, "series_mismatch")
    return [f for f in files if f.header.series_instance_uid not in elsewhere]


def _save_instances(study: Study, files: Sequence[ReadFile]) -> Sequence[ReadFile]:
    """Save series and instances; return the files that became instances."""
    uids = {file.header.series_instance_uid for file in files}
    known = Series.objects.in_bulk(list(uids), field_name="series_instance_uid")
    made = {
        file.header.series_instance_uid: _series(study, file.header)
        for file in reversed(files)
        if file.header.series_instance_uid not in known
    }
    Series.objects.bulk_create(made.values(), batch_size=BATCH)
    series = known | made
    for batch in _batches(files):
        Instance.objects.bulk_create(
            _instance(series[file.header.series_instance_uid], file) for file in batch
        )
    return files


def _batches(files: Sequence[ReadFile]) -> Iterator[list[ReadFile]]:
    """Yield the files a few at a time: parsed attributes take many times their text."""
    batch: list[ReadFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.attributes_json)
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _series(study: Study, header: Header) -> Series:
    return Series(
        study=study,
        series_instance_uid=header.series_instance_uid,
        number=header.series_number,
        description=header.series_description,
        modality=header.modality,
        body_part=header.body_part,
        kernel=header.convolution_kernel,
    )


def _instance(series: Series, file: ReadFile) -> Instance:
    header = file.header
    position = None
    if header.position_mm and header.orientation:
        position = geometry.offset_mm(header.position_mm, header.orientation)
    return Instance(
        series=series,
        sop_instance_uid=header.sop_instance_uid,
        sop_class_uid=header.sop_class_uid,
        transfer_syntax_uid=header.transfer_syntax_uid,
        number=header.instance_number,
        position_mm=position,
        rows=header.rows or None,
        columns=header.columns or None,
        frames=header.frames,
        digest=file.digest,
        size_bytes=file.size_bytes,
        attributes=json.loads(file.attributes_json),
    )


def _quarantine(files: Sequence[ReadFile], arrival: Arrival, saved: Saved) -> None:
    """Keep files aside that claim a stored instance's UID with other bytes."""
    uids = {file.header.sop_instance_uid for file in files}
    stored = Instance.objects.in_bulk(list(uids), field_name="sop_instance_uid")
    QuarantinedFile.objects.bulk_create(
        [
            QuarantinedFile(
                department=arrival.department,
                uploaded_by=arrival.principal.user,
                instance=stored[file.header.sop_instance_uid],
                digest=file.digest,
                size_bytes=file.size_bytes,
                code="uid_conflict",
                message=CONFLICT,
            )
            for file in files
            if file.header.sop_instance_uid in stored
        ],
        ignore_conflicts=True,
    )
    saved.reject(files, "uid_conflict")


def _update_study(study: Study, arrival: Arrival) -> None:
    """Count what the study holds now, and take up a more urgent priority."""
    for series in study.series.annotate(held=Count("instances")):
        Series.objects.filter(id=series.id).update(instance_count=series.held)
    study.series_count = study.series.count()
    study.instance_count = Instance.objects.filter(series__study=study).count()
    if arrival.priority == Priority.STAT and study.priority != Priority.STAT:
        study.priority = Priority.STAT
        urgent = rank_study(is_stat=True)
        study.rank += urgent.value
        study.rank_reason = [*urgent.reasons, *study.rank_reason]
    if study.status in OPEN_STATUSES:
        study.status = StudyStatus.QUEUED
    study.save()
