"""The record in the admin: read by administrators, changed by the rooms' services."""

from django.contrib import admin
from django.http import HttpRequest

from hospital.audit.opened import OpenedRowsAudited
from hospital.records.models import (
    DiagnosticReport,
    Encounter,
    Patient,
    PatientIdentifier,
    PatientName,
)


class NameInline(admin.TabularInline):
    model = PatientName
    extra = 0


class IdentifierInline(admin.TabularInline):
    model = PatientIdentifier
    extra = 0


@admin.register(Patient)
class PatientAdmin(OpenedRowsAudited):
    patient_path = "pk"
    list_display = ["name", "hospital_number", "birth_date", "sex", "created"]
    search_fields = ["names__text", "identifiers__value"]
    list_filter = ["sex"]
    raw_id_fields = ["user"]
    inlines = [NameInline, IdentifierInline]

    def has_delete_permission(
        self, request: HttpRequest, obj: Patient | None = None
    ) -> bool:
        """Refuse: a patient's record is kept."""
        return False


@admin.register(Encounter)
class EncounterAdmin(OpenedRowsAudited):
    list_display = ["id", "kind", "department", "started", "ended"]
    list_filter = ["kind", "department"]
    raw_id_fields = ["patient"]


@admin.register(DiagnosticReport)
class DiagnosticReportAdmin(OpenedRowsAudited):
    list_display = ["id", "title", "status", "department", "issued", "signed_by"]
    list_filter = ["status", "department"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a report comes from the room that signed it."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: DiagnosticReport | None = None
    ) -> bool:
        """Refuse: a signed report is amended by addendum."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: DiagnosticReport | None = None
    ) -> bool:
        """Refuse: a signed report is kept."""
        return False
