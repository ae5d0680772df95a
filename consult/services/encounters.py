"""The summary of a talk becomes part of the patient's record, once somebody needs it."""

from django.utils import timezone

from consult.dialogue.interview import Summary, read_state, summary_of
from consult.models import Conversation
from consult.selectors.conversations import EMERGENCY
from consult.speaking import as_language
from hospital.accounts.models import Department
from hospital.records.models import Encounter, EncounterKind
from hospital.records.services import Stated, open_encounter, state_observations

CODES = "urn:anji:consult"  # facts that somebody told, of which nobody measured any


def write_encounter(row: Conversation) -> Encounter | None:
    """Write what was told into the patient's record, once, and return its encounter.

    It is done when staff are asked for or have dealt with the talk: from then on the
    department sees the patient. A stranger's talk is nobody's record.
    """
    if row.patient is None or row.encounter_id is not None or not row.title:
        return row.encounter
    department = row.department or _department_of(row)
    if department is None:
        return None
    summary = summary_of(read_state(row.interview))
    now = timezone.now()
    grave = row.urgency == EMERGENCY
    row.encounter = open_encounter(
        patient=row.patient,
        department=department,
        kind=EncounterKind.EMERGENCY if grave else EncounterKind.AMBULATORY,
        started=row.created,
        reason=summary.complaint,
    )
    row.save(update_fields=["encounter", "updated"])
    state_observations(row.encounter, _facts(summary, row), observed=now)
    return row.encounter


def _department_of(row: Conversation) -> Department | None:
    known = {
        each.code: each
        for each in Department.objects.filter(code__in=row.department_codes)
    }
    return next((known[code] for code in row.department_codes if code in known), None)


def _facts(summary: Summary, row: Conversation) -> list[Stated]:
    told = {
        "triage-level": ("Triage level told by rules", row.level),
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
