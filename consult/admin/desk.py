"""The hospital's numbers, hours and set phrases in the administration."""

from django.contrib import admin
from django.http import HttpRequest

from consult.models import DeskHours, Guidance, Phrase


class DeskHoursInline(admin.TabularInline):
    model = DeskHours
    fields = ["weekday", "opens", "closes"]
    extra = 0


@admin.register(Guidance)
class GuidanceAdmin(admin.ModelAdmin):
    """The one row; it is changed, never made twice."""

    list_display = ["emergency_number", "crisis_number", "poison_number", "updated"]
    inlines = [DeskHoursInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Guidance.objects.exists()


@admin.register(Phrase)
class PhraseAdmin(admin.ModelAdmin):
    list_display = ["shortcut", "language", "department", "text"]
    list_filter = ["language", "department"]
    list_select_related = ["department"]
    search_fields = ["shortcut", "text"]
