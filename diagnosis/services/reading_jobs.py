"""Queues the reading of studies: one job a study, and one to follow where it is many."""

import hashlib
from typing import Any  # Any: a job's result is JSON
from uuid import UUID

from diagnosis.models import Instance, ModelActivation, Priority, Study, StudyStatus
from diagnosis.services.events import tell_department
from diagnosis.services.study_rows import Arrival, Saved
from hospital.jobs.models import Job, JobState
from hospital.jobs.services import enqueue

READ_STUDY = "diagnosis.read_study"
FOLLOW_UPLOAD = "diagnosis.follow_upload"
ENDED_WITHOUT_ANSWER = (StudyStatus.RECEIVED, StudyStatus.FAILED)


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
    content = content_digest(study.id)
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


def earlier_answer(
    study_id: UUID, *, content: str, model: str
) -> dict[str, Any] | None:
    """Return the result of an earlier reading of just this content by this model.

    Where slices come one by one each of them queues a reading, and the first one that
    begins reads all that have come by then: the others have its result.

    Args:
        study_id: The study; read anew where a reading failed or was cancelled since.
        content: What `content_digest` says of it.
        model: The digest of the model in service.
    """
    if Study.objects.filter(id=study_id, status__in=ENDED_WITHOUT_ANSWER).exists():
        return None
    results = Job.objects.filter(
        kind=READ_STUDY,
        subject_id=str(study_id),
        state=JobState.SUCCEEDED,
        result__content_digest=content,
        result__model_digest=model,
    )
    return results.values_list("result", flat=True).first()


def content_digest(study_id: UUID) -> str:
    """Return a digest of all the bytes a study holds."""
    digests = Instance.objects.filter(series__study=study_id).order_by("digest")
    joined = "\n".join(digests.values_list("digest", flat=True))
    return hashlib.sha256(joined.encode()).hexdigest()
