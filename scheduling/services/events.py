"""Tells open pages that a roster changed: ids, versions and states only.

`rosters:<department>` tells everything to who makes rosters there, `shifts:<department>`
tells its staff what concerns what they see.
"""

from functools import partial

from django.db import transaction

from hospital.jobs.events import publish
from scheduling.models import Roster

TOLD_TO_STAFF = frozenset({"published", "closed", "requests", "swap"})


def tell_department(roster: Roster, event: str) -> None:
    """Publish how the roster stands to its department, once the writes are kept.

    The staff hear which roster it was, and nothing of its working copy.
    """
    topic = f"rosters:{roster.department_id}"
    data = {
        "roster": str(roster.id),
        "state": str(roster.state),
        "version": roster.version,
    }
    transaction.on_commit(partial(publish, topic, event, data))
    if event in TOLD_TO_STAFF:
        told = {"roster": str(roster.id)}
        topic = f"shifts:{roster.department_id}"
        transaction.on_commit(partial(publish, topic, event, told))
