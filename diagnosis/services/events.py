"""Tells open pages that a study changed: ids and states only."""

from functools import partial

from django.db import transaction

from diagnosis.models import Study
from hospital.jobs.events import publish


def tell_department(study: Study, event: str) -> None:
    """Publish the study's new state to its department, once the writes are kept."""
    topic = f"studies:{study.department_id}"
    data = {"study": str(study.id), "status": study.status}
    transaction.on_commit(partial(publish, topic, event, data))
