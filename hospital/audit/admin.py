"""Who opened and who changed what, for administrators to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pghistory.admin import EventsAdmin

from hospital.audit.models import Access


@admin.register(Access)
class AccessAdmin(admin.ModelAdmin):
    list_display = [
        "created",
        "user",
        "client_id",
        "action",
        "record_type",
        "record_id",
        "rows",
        "address",
    ]
    list_filter = ["action", "record_type"]
    search_fields = ["=record_id", "=patient_id", "=request_id", "user__username"]
    search_help_text = _("Record, patient or request id; user name.")
    list_select_related = ["user"]
    date_hierarchy = "created"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ChangeAdmin(EventsAdmin):
    """Every change of a tracked row; the database itself refuses to alter one."""
