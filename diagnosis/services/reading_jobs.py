"""Queues the reading of studies: one job a study, and one to follow where it is many."""

import hashlib

from diagnosis.models import Instance, ModelActivation, Priority, Study, StudyStatus
from diagnosis.services.events import tell_department
from diagnosis.services.study_rows import Arrival, Saved
from hospital.jobs.models import Job
from hospital.jobs.services import enqueue

READ_STUDY = "diagnosis.read_study"
FOLLOW_UPLOAD = "diagnosis.follow_upload"


def enqueue_readings(saved: Saved, arrival: Arrival) -> Job | None:
    """Queue the reading of an upload's studies and return the job to follow.

    For one study that is its reading. For several it is a job that does nothing but
    wait for theirs, so that an upload always has one job to ask about.
    """
    jobs = [enqueue_reading(study, arrival) for study in saved.studies]
    for study in saved.changed:
        is_late = study.status == StudyStatus.SIGNED
        tell_department(study, "images_after_signature" if is_late else "received")
    if len(jobs) < 2:
        return jobs[0] if jobs else None
    ids = sorted(str(job.id) for job in jobs)
    return enqueue(
        kind=FOLLOW_UPLOAD,
        key=hashlib.sha256(",".join(ids).encode()).hexdigest(),
        owner=arrival.principal.user,
        subject_id=None,
        department_id=arrival.department.id,
        payload={"jobs": ids, "studies": [str(study.id) for study in saved.studies]},
        queue="default",
    )


def enqueue_reading(study: Study, arrival: Arrival) -> Job:
    """Queue one study's reading; the same content and model are read once."""
    active = ModelActivation.objects.order_by("-created").first()
    content = content_digest(study)
    model = active.digest if active else "none"
    return enqueue(
        kind=READ_STUDY,
        key=f"{study.id}:{content[:32]}:{model[:32]}",
        owner=arrival.principal.user,
        subject_id=study.id,
        department_id=study.department_id,
        payload={"study": str(study.id), "content_digest": content},
        queue="stat" if study.priority == Priority.STAT else "inference",
    )


def content_digest(study: Study) -> str:
    """Return a digest of all the bytes a study holds."""
    digests = Instance.objects.filter(series__study=study).order_by("digest")
    joined = "\n".join(digests.values_list("digest", flat=True))
    return hashlib.sha256(joined.encode()).hexdigest()
