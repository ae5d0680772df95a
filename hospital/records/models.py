"""The patient's record, as far as a study needs it; shaped so that FHIR R4 reads it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row

HOSPITAL_NUMBER = "urn:anji:hospital-number"
LONGEST_TEXT = 4_000  # of an observation: the summary of a talk is one


class Sex(models.TextChoices):
    """Administrative gender as in FHIR R4."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Script(models.TextChoices):
    """The script a name is written in; DICOM PS3.5 6.2.1.1 has the same three."""

    ALPHABETIC = "alphabetic", _("Alphabetic")
    IDEOGRAPHIC = "ideographic", _("Ideographic")
    PHONETIC = "phonetic", _("Phonetic")


NAME_ORDER = (Script.ALPHABETIC, Script.IDEOGRAPHIC, Script.PHONETIC)
NAME_ORDER_ZH = (Script.IDEOGRAPHIC, Script.ALPHABETIC, Script.PHONETIC)


@pghistory.track()
class Patient(Row):
    """A person who is cared for; their account, when they have one, is tied here."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="patient",
        verbose_name=_("account"),
    )
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    sex = models.CharField(
        _("sex"), max_length=8, choices=Sex.choices, default=Sex.UNKNOWN
    )

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")

    def __str__(self) -> str:
        return f"Patient {self.id}"

    @property
    def name(self) -> str:
        """The name as the reader's language writes it; empty when none is known."""
        by_script = {name.script: name.text for name in self.names.all()}
        chinese = (get_language() or "").startswith("zh")
        order = NAME_ORDER_ZH if chinese else NAME_ORDER
        return next((by_script[script] for script in order if script in by_script), "")

    @property
    def hospital_number(self) -> str:
        """The hospital's own number of the patient, else any number known."""
        values = {row.system: row.value for row in self.identifiers.all()}
        return values.get(HOSPITAL_NUMBER) or next(iter(values.values()), "")


@pghistory.track()
class PatientName(Row):
    """A patient's name in one script, as people read it."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="names")
    script = models.CharField(_("script"), max_length=16, choices=Script.choices)
    text = models.CharField(_("name"), max_length=324)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "script"], name="patient_name_once_a_script"
            )
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class PatientIdentifier(Row):
    """A number that names a patient within the system that gave it."""

    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="identifiers"
    )
    system = models.CharField(_("system"), max_length=200, default=HOSPITAL_NUMBER)
    value = models.CharField(_("value"), max_length=128)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "value"], name="identifier_names_one_patient"
            )
        ]

    def __str__(self) -> str:
        return self.value


class EncounterKind(models.TextChoices):
    IMAGING = "imaging", _("Imaging")
    AMBULATORY = "ambulatory", _("Outpatient")
    EMERGENCY = "emergency", _("Emergency")
    INPATIENT = "inpatient", _("Inpatient")


@pghistory.track()
class Encounter(Row):
    """A patient's dealing with a department; it is why the department sees them."""

    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="encounters"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=EncounterKind.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    started = models.DateTimeField(_("started"))
    ended = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["-started"]
        verbose_name = _("encounter")
        verbose_name_plural = _("encounters")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=models.F("started")),
                name="encounter_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"Encounter {self.id}"


@pghistory.track()
class Observation(Row):
    """A measured or stated fact about a patient (FHIR Observation)."""

    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="observations"
    )
    encounter = models.ForeignKey(
        Encounter, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    code_system = models.CharField(max_length=200, default="http://loinc.org")
    code = models.CharField(_("code"), max_length=64)
    display = models.CharField(_("name"), max_length=200)
    value = models.DecimalField(
        _("value"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    unit = models.CharField(_("unit (UCUM)"), max_length=64, blank=True)
    text = models.CharField(_("text"), max_length=LONGEST_TEXT, blank=True)
    observed = models.DateTimeField(_("observed"))

    class Meta:
        ordering = ["-observed"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")

    def __str__(self) -> str:
        return f"Observation {self.id}"


class ReportStatus(models.TextChoices):
    """Status of a diagnostic report in FHIR R4's words."""

    FINAL = "final", _("Final")
    AMENDED = "amended", _("Amended")


@pghistory.track()
class DiagnosticReport(Row):
    """A signed report as the record keeps it; the room that wrote it keeps its drafts.

    `assistance` names each model that had said something when the report was signed, by
    `model`, `version` and `digest`: whoever reads the report may know.
    """

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="diagnostic_reports"
    )
    encounter = models.ForeignKey(
        Encounter, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=ReportStatus.choices,
        default=ReportStatus.FINAL,
    )
    code = models.CharField(_("code"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    technique = models.TextField(_("technique"), blank=True)
    findings = models.TextField(_("findings"), blank=True)
    impression = models.TextField(_("impression"))
    addenda = models.TextField(_("addenda"), blank=True)
    assistance = models.JSONField(_("AI assistance"), default=list, blank=True)
    subject_url = models.CharField(max_length=200, blank=True)
    issued = models.DateTimeField(_("issued"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-issued"]
        verbose_name = _("diagnostic report")
        verbose_name_plural = _("diagnostic reports")

    def __str__(self) -> str:
        return f"DiagnosticReport {self.id}"
