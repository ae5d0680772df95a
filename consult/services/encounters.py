"""The summary of a talk becomes part of the patient's record, once somebody needs it."""

from django.utils import timezone

from consult.dialogue.interview import Summary, read_state, summary_of
from consult.models import Conversation
from consult.selectors.conversations import EMERGENCY
from consult.speaking import as_language
from hospital.accounts.models import Department
from hospital.records.models import Encounter, EncounterKind
from hospital.records.services import (
    Stated,
    open_encounter,
    restate_observations,
    state_observations,
)

CODES = "urn:anji:consult"  # facts that somebody told, of which nobody measured any


def write_encounter(row: Conversation) -> Encounter | None:
    """Write what was told into the patient's record, and return its encounter.

    It is done when staff are asked for or have dealt with the talk: from then on the
    department sees the patient. A stranger's talk is nobody's record.
    """
    if row.encounter is not None:
        return _renew(row, row.encounter)
    if row.patient is None or not row.title:
        return None
    department = row.department or _department_of(row)
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


def _department_of(row: Conversation) -> Department | None:
    known = {
        each.code: each
        for each in Department.objects.filter(code__in=row.department_codes)
    }
    return next((known[code] for code in row.department_codes if code in known), None)


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
