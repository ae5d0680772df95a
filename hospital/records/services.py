"""Short writes to the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hospital.accounts.models import Department
from hospital.records.models import (
    HOSPITAL_NUMBER,
    LONGEST_TEXT,
    Encounter,
    EncounterKind,
    Observation,
    Patient,
    PatientIdentifier,
    PatientName,
    Sex,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a message says of the patient it is about.

    Attributes:
        number: The patient's number; empty when the message gives none.
        system: Who gave the number.
        names: The name by script (`alphabetic`, `ideographic`, `phonetic`).
        birth_date: When known.
        sex: Administrative gender.
    """

    number: str = ""
    system: str = HOSPITAL_NUMBER
    names: Mapping[str, str] = field(default_factory=dict)
    birth_date: date | None = None
    sex: str = Sex.UNKNOWN


def ensure_patient(identity: Identity) -> Patient:
    """Return the patient whom the number names, made when there is none.

    A known patient's facts are never changed from here: a message with another name
    under the same number is for a person to judge. Without a number every message
    makes a patient of its own.
    """
    known = _patient_by_number(identity)
    if known:
        return known
    try:
        with transaction.atomic():
            return _create_patient(identity)
    except IntegrityError:
        winner = _patient_by_number(identity)
        if winner is None:
            raise
        return winner


def contradicts(identity: Identity, patient: Patient) -> bool:
    """Return whether a birth date or sex that both know is not the same."""
    born, known_born = identity.birth_date, patient.birth_date
    sexes = {identity.sex, patient.sex} - {Sex.UNKNOWN, ""}
    return bool(born and known_born and born != known_born) or len(sexes) > 1


def open_encounter(
    *,
    patient: Patient,
    department: Department,
    kind: EncounterKind,
    started: datetime,
    reason: str = "",
) -> Encounter:
    """Open an encounter; from now on the department sees the patient."""
    return Encounter.objects.create(
        patient=patient,
        department=department,
        kind=kind,
        started=started,
        reason=reason[:500],
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact that somebody told, in words; nobody measured it."""

    code_system: str
    code: str
    display: str
    text: str


def state_observations(
    encounter: Encounter, facts: Iterable[Stated], *, observed: datetime
) -> list[Observation]:
    """Write facts that were told into the record of an encounter's patient."""
    return Observation.objects.bulk_create(
        Observation(
            patient_id=encounter.patient_id,
            encounter=encounter,
            code_system=fact.code_system,
            code=fact.code,
            display=fact.display,
            text=fact.text[:LONGEST_TEXT],
            observed=observed,
        )
        for fact in facts
    )


def restate_observations(
    encounter: Encounter, facts: Iterable[Stated], *, observed: datetime
) -> list[Observation]:
    """Write what was told anew; what stood there before stays in the history.

    A fact that was told the same as before keeps the time when it was told.
    """
    rows = Observation.objects.select_for_update().filter(encounter=encounter)
    known = {(row.code_system, row.code): row for row in rows}
    new, changed = [], []
    for fact in facts:
        row = known.get((fact.code_system, fact.code))
        text = fact.text[:LONGEST_TEXT]
        if row is None:
            new.append(fact)
        elif row.text != text:
            row.text, row.observed = text, observed
            row.save(update_fields=["text", "observed", "updated"])
            changed.append(row)
    return changed + state_observations(encounter, new, observed=observed)


def _patient_by_number(identity: Identity) -> Patient | None:
    if not identity.number:
        return None
    return Patient.objects.filter(
        identifiers__system=identity.system, identifiers__value=identity.number
    ).first()


def _create_patient(identity: Identity) -> Patient:
    patient = Patient.objects.create(birth_date=identity.birth_date, sex=identity.sex)
    if identity.number:
        PatientIdentifier.objects.create(
            patient=patient, system=identity.system, value=identity.number
        )
    PatientName.objects.bulk_create(
        PatientName(patient=patient, script=script, text=text)
        for script, text in identity.names.items()
        if text
    )
    return patient
