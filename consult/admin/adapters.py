"""Adapters in service: a new row each time, so that who chose what, and why, stays."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from consult.models import AdapterActivation
from consult.models.adapter import AdapterTask
from consult.services.adapters import activate_adapter, withdraw_adapter
from consult.shelf import adapters_of, shelved_adapters
from hospital.accounts.admin import ReadOnlyAdmin
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError
from hospital.core.sealed import parse_reference, references

_NONE = "none:"  # of a task: what is learned goes out of service


def _choices() -> list[tuple[str, Any]]:
    found = references(Path(settings.ADAPTER_STORE))
    adapters = [(f"{name}/{version}",) * 2 for name, version in found]
    none = [
        (f"{_NONE}{task}", _("nothing learned: %(task)s") % {"task": label})
        for task, label in AdapterTask.choices
    ]
    return [*adapters, *none]


class AdapterForm(forms.ModelForm):
    """Which adapter of the store goes into service, and why."""

    entry = forms.ChoiceField(
        label=_("Adapter of the store"),
        choices=_choices,
        help_text=_("Below stands what each is, how it measured, and its card."),
    )

    class Meta:
        model = AdapterActivation
        fields = ["reason"]


@admin.register(AdapterActivation)
class AdapterActivationAdmin(ReadOnlyAdmin):
    list_display = ["created", "task", "__str__", "is_override", "reason"]
    list_filter = ["task"]
    form = AdapterForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["entry", "reason"]
        return [
            *("task", "name", "version", "digest", "is_override", "reason"),
            *("activated_by", "created"),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Show what was done; take a new one."""
        return self.get_fields(request, obj) if obj else []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the store below what was done."""
        context = {"adapters": shelved_adapters(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show every adapter where one is chosen, and the one that a row is about."""
        row = kwargs.get("obj")
        context["adapters"] = adapters_of(row) if row else shelved_adapters()
        return super().render_change_form(request, context, *args, **kwargs)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a refusal (not better, damaged, active already) as a message."""
        try:
            return super().add_view(request, form_url, extra_context)
        except DomainError as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return redirect("admin:consult_adapteractivation_add")

    def save_model(
        self,
        request: HttpRequest,
        obj: AdapterActivation,
        form: Any,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        """Put it into service, and keep the row that this made."""
        chosen, person = form.cleaned_data["entry"], principal_of(request).user
        reason = form.cleaned_data["reason"]
        if chosen.startswith(_NONE):
            task = chosen.removeprefix(_NONE)
            made = withdraw_adapter(task=task, activated_by=person, reason=reason)
        else:
            name, version = parse_reference(chosen)
            made = activate_adapter(
                name=name, version=version, activated_by=person, reason=reason
            )
        obj.__dict__.update(made.__dict__)
