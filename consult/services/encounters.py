"""The summary of a talk becomes part of the patient's record, once somebody needs it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.dialogue.interview import Summary, read_state, summary_of
from consult.models import Conversation
from consult.selectors.conversations import EMERGENCY
from consult.selectors.summaries import department_of, summary_before_visit
from consult.services.turns import locked
from consult.speaking import as_language
from hospital.core.errors import Conflict
from hospital.records.models import Encounter, EncounterKind
from hospital.records.services import (
    Stated,
    open_encounter,
    restate_observations,
    state_observations,
)

CODES = "urn:anji:consult"  # facts that somebody told, of which nobody measured any


@transaction.atomic
def send_summary(*, conversation: Conversation) -> Conversation:
    """Give the department the summary that its person has read; twice is once.

    Raises:
        Conflict: The interview goes on, or there is nobody's record to write into.
    """
    row = locked(conversation)
    summary = summary_before_visit(row)
    if summary is None:
        raise Conflict(
            _("There is no summary yet. Answer the open question first."),
            code="no_summary",
        )
    if not (summary.is_sent or summary.may_send):
        raise Conflict(
            _(
                "This summary cannot be sent from here. Show it at the desk of the "
                "hospital instead."
            ),
            code="not_sendable",
        )
    write_encounter(row)
    return row


def write_encounter(row: Conversation) -> Encounter | None:
    """Write what was told into the patient's record, and return its encounter.

    It is done when the person sends the summary, and when staff are asked for or have dealt
    with the talk: from then on the department sees the patient. A stranger's talk is
    nobody's record.
    """
    if row.encounter is not None:
        return _renew(row, row.encounter)
    if row.patient is None or not row.title:
        return None
    department = department_of(row)
    if department is None:
        return None
    summary = summary_of(read_state(row.interview))
    row.encounter = open_encounter(
        patient=row.patient,
        department=department,
        kind=_kind_of(row),
        started=row.created,
        reason=summary.complaint,
    )
    row.save(update_fields=["encounter", "updated"])
    facts = _facts(summary, row)
    state_observations(row.encounter, facts, observed=timezone.now())
    return row.encounter


def renew_encounter(row: Conversation) -> None:
    """Bring what the record says of a talk up to date, where it says anything."""
    if row.encounter_id is not None:
        write_encounter(row)


def _renew(row: Conversation, encounter: Encounter) -> Encounter:
    """Write a new version of what was told; the history keeps the ones before."""
    facts = _facts(summary_of(read_state(row.interview)), row)
    restate_observations(encounter, facts, observed=timezone.now())
    if encounter.kind != _kind_of(row):
        encounter.kind = _kind_of(row)
        encounter.save(update_fields=["kind", "updated"])
    return encounter


def _kind_of(row: Conversation) -> EncounterKind:
    is_grave = row.urgency == EMERGENCY
    return EncounterKind.EMERGENCY if is_grave else EncounterKind.AMBULATORY


def _facts(summary: Summary, row: Conversation) -> list[Stated]:
    told = {
        "triage-level": ("Triage level told by rules", row.level),
        "acuity": ("Acuity told by rules, 1 the gravest of 5", str(row.acuity)),
        "onset": ("Onset as told", summary.onset),
        "severity": (
            "Severity as told, 0 to 10",
            "" if summary.severity is None else str(summary.severity),
        ),
        "course": ("Course as told", summary.course),
        "summary": (
            "Summary before the visit",
            summary.text(as_language(row.language)),
        ),
    }
    return [
        Stated(CODES, code, display, text)
        for code, (display, text) in told.items()
        if text
    ]
