"""Tells open pages that a roster changed: ids, versions and states only."""

from functools import partial

from django.db import transaction

from hospital.jobs.events import publish
from scheduling.models import Roster


def tell_department(roster: Roster, event: str) -> None:
    """Publish how the roster stands to its department, once the writes are kept."""
    topic = f"rosters:{roster.department_id}"
    data = {
        "roster": str(roster.id),
        "state": str(roster.state),
        "version": roster.version,
    }
    transaction.on_commit(partial(publish, topic, event, data))
