"""Rosters in the administration: looked at; they are made on the platform's own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from scheduling.models import (
    HouseLaw,
    Publication,
    PublicHoliday,
    Roster,
    RosterPerson,
    Run,
)


class ReadOnly:
    """Rows that are looked at here and changed elsewhere, or never."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PersonInline(ReadOnly, admin.TabularInline):
    model = RosterPerson
    fields = ["key", "name", "user"]


@admin.register(Roster)
class RosterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "department", "start", "days", "state", "version"]
    list_filter = ["state", "department"]
    list_select_related = ["department"]
    search_fields = ["name"]
    exclude = ["instance"]
    inlines = [PersonInline]


@admin.register(Publication)
class PublicationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "id",
        "roster",
        "number",
        "published_by",
        "hard_violations",
        "created",
    ]
    list_select_related = ["roster", "published_by"]


@admin.register(Run)
class RunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "id",
        "roster",
        "status",
        "objective",
        "bound",
        "spent_s",
        "created",
    ]
    list_filter = ["status"]
    list_select_related = ["roster"]
    exclude = ["cells", "curve"]


@admin.register(PublicHoliday)
class PublicHolidayAdmin(admin.ModelAdmin):
    list_display = ["date", "name"]
    date_hierarchy = "date"
    search_fields = ["name"]


@admin.register(HouseLaw)
class HouseLawAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "code",
        "version",
        "title",
        "effective_from",
        "effective_until",
        "is_withdrawn",
    ]
    list_filter = ["is_withdrawn"]
    search_fields = ["code", "title", "title_zh"]
