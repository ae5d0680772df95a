"""Long work in the administration: looked at, cancelled, tried again."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hospital.core.errors import DomainError
from hospital.jobs import services
from hospital.jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["created", "title", "state", "queue", "owner", "attempts", "error"]
    list_filter = ["state", "kind", "queue"]
    search_fields = ["=id", "=subject_id", "=request_id", "owner__username"]
    list_select_related = ["owner"]
    date_hierarchy = "created"
    show_full_result_count = False
    actions = ["cancel", "try_again"]

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, services.request_cancellation)

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, services.retry)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _each(
        self, request: HttpRequest, jobs: QuerySet[Job], act: Callable[..., Job]
    ) -> None:
        for job in jobs:
            try:
                act(job=job)
            except DomainError as error:
                self.message_user(request, f"{job}: {error.message}", messages.ERROR)
