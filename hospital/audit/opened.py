"""Opening a clinical row in the administration is opening the patient's record."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from hospital.audit.services import record_access


class OpenedRowsAudited(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Writes who opened a row in the administration, with the patient it is about.

    `patient_path` leads from the row to its patient's key, such as `study.patient_id`.
    """

    patient_path = "patient_id"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        *form: Any,  # Any: Django's own arguments, passed on as they are
        **more: Any,  # Any: as above
    ) -> HttpResponse:
        record = self.get_object(request, object_id) if object_id else None
        if record is not None:
            patient_id: Any = record  # Any: what the path leads to
            for name in self.patient_path.split("."):
                patient_id = getattr(patient_id, name)
            record_access(request, action="read", record=record, patient_id=patient_id)
        return super().changeform_view(request, object_id, *form, **more)
