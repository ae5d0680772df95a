"""The reading room in the administration: looked at, and two things done.

An administrator puts a model into service or takes it back, and closes the case of a
file kept aside. Everything clinical is done by clinicians on the platform's own pages.
"""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diagnosis.models import (
    CriticalResult,
    Finding,
    Instance,
    ModelActivation,
    QuarantinedFile,
    Report,
    ReportAddendum,
    Series,
    Study,
    Verdict,
)
from diagnosis.services.activation import activate_model, roll_back_model
from diagnosis.services.quarantine import resolve_quarantined
from hospital.accounts.principal import principal_of
from hospital.audit.opened import OpenedRowsAudited
from hospital.core.errors import DomainError
from hospital.core.sealed import parse_reference, references


class ReadOnly:
    """Rows that are looked at here and changed elsewhere, or never."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SeriesInline(ReadOnly, admin.TabularInline):
    model = Series
    fields = ["number", "description", "modality", "instance_count"]
    show_change_link = True


class VerdictInline(ReadOnly, admin.TabularInline):
    model = Verdict
    fields = ("verdict", "label", "comment", "reader", "created")
    readonly_fields = fields


class AddendumInline(ReadOnly, admin.TabularInline):
    model = ReportAddendum
    fields = ("text", "signed_by", "created")
    readonly_fields = fields


@admin.register(Study)
class StudyAdmin(ReadOnly, OpenedRowsAudited):
    list_display = [
        "id",
        "accession_number",
        "modality",
        "department",
        "priority",
        "status",
        "instance_count",
        "created",
    ]
    list_filter = ["status", "priority", "modality", "department"]
    search_fields = ["accession_number", "study_instance_uid"]
    list_select_related = ["department"]
    inlines = [SeriesInline]


@admin.register(Series)
class SeriesAdmin(ReadOnly, OpenedRowsAudited):
    patient_path = "study.patient_id"
    list_display = ["id", "number", "modality", "body_part", "kernel", "instance_count"]
    list_filter = ["modality"]
    search_fields = ["series_instance_uid"]


@admin.register(Instance)
class InstanceAdmin(ReadOnly, OpenedRowsAudited):
    patient_path = "series.study.patient_id"
    list_display = ["id", "number", "media_type", "frames", "size_bytes", "created"]
    list_filter = ["media_type", "transfer_syntax_uid"]
    search_fields = ["sop_instance_uid", "digest"]


@admin.register(QuarantinedFile)
class QuarantinedFileAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "code", "message", "department", "created", "resolved"]
    list_filter = ["code", ("resolved", admin.EmptyFieldListFilter), "department"]
    list_select_related = ["department"]
    actions = ["resolve"]

    @admin.action(description=_("Close the case of the chosen files"))
    def resolve(self, request: HttpRequest, files: QuerySet[QuarantinedFile]) -> None:
        """Close the cases; the stored instances stay what they are."""
        count = resolve_quarantined(files.values_list("id", flat=True))
        told = ngettext("%d case is closed.", "%d cases are closed.", count) % count
        self.message_user(request, told, messages.SUCCESS)


@admin.register(Finding)
class FindingAdmin(ReadOnly, OpenedRowsAudited):
    patient_path = "study.patient_id"
    list_display = [
        "id",
        "model_name",
        "model_version",
        "label",
        "probability",
        "abstained",
        "created",
    ]
    list_filter = ["model_name", "model_version", "label", "abstained"]
    inlines = [VerdictInline]


@admin.register(Report)
class ReportAdmin(ReadOnly, OpenedRowsAudited):
    patient_path = "study.patient_id"
    list_display = ["id", "study", "version", "edited_by", "signed", "signed_by"]
    list_filter = [("signed", admin.EmptyFieldListFilter)]
    list_select_related = ["study", "edited_by", "signed_by"]
    inlines = [AddendumInline]


@admin.register(CriticalResult)
class CriticalResultAdmin(ReadOnly, OpenedRowsAudited):
    patient_path = "study.patient_id"
    list_display = ["id", "study", "created", "acknowledged", "acknowledged_by"]
    list_filter = [("acknowledged", admin.EmptyFieldListFilter)]
    list_select_related = ["study", "acknowledged_by"]


def _store_entries() -> list[tuple[str, str]]:
    found = references(Path(settings.MODEL_STORE))
    return [(f"{name}/{version}",) * 2 for name, version in found]


class ActivationForm(forms.ModelForm):
    """Which model of the store goes into service, and why."""

    entry = forms.ChoiceField(label=_("Model of the store"), choices=_store_entries)

    class Meta:
        model = ModelActivation
        fields = ["note"]

    def save(self, commit: bool = True) -> ModelActivation:  # noqa: FBT001, FBT002
        """Leave the writing to the service; the boolean is Django's signature."""
        made: ModelActivation = self.instance
        return made

    def save_m2m(self) -> None:
        """Write nothing: there is no such field."""


@admin.register(ModelActivation)
class ModelActivationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "digest", "activated_by", "note", "created"]
    list_select_related = ["activated_by"]
    form = ActivationForm
    fields = ["entry", "note"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let administrators put a model into service."""
        return True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["entry", "note"]
        return ["name", "version", "digest", "activated_by", "note", "created"]

    def get_urls(self) -> list[URLPattern]:
        back = path(
            "roll-back/",
            self.admin_site.admin_view(self.roll_back),
            name="diagnosis_modelactivation_roll_back",
        )
        return [back, *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a refusal (a damaged model, the active one again) as a message."""
        try:
            return super().add_view(request, form_url, extra_context)
        except DomainError as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return redirect("admin:diagnosis_modelactivation_add")

    def save_model(
        self,
        request: HttpRequest,
        obj: ModelActivation,
        form: Any,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        name, version = parse_reference(form.cleaned_data["entry"])
        made = activate_model(
            name=name,
            version=version,
            activated_by=principal_of(request).user,
            note=form.cleaned_data["note"],
        )
        obj.__dict__.update(made.__dict__)

    def roll_back(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            active = roll_back_model(activated_by=principal_of(request).user)
        except DomainError as error:
            self.message_user(request, str(error.message), messages.ERROR)
        else:
            told = _("%(model)s is in service again.") % {"model": active}
            self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:diagnosis_modelactivation_changelist")
