"""The choice of the generator: a new row each time, so that who chose what stays."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consult.models import GeneratorChoice, GeneratorName
from consult.services.generators import check_choice, choose_generator
from hospital.accounts.admin import ReadOnlyAdmin
from hospital.accounts.models import User
from hospital.core.errors import DomainError


class ChoiceForm(forms.ModelForm):
    class Meta:
        model = GeneratorChoice
        fields = ["name", "reason"]

    def clean_name(self) -> str:
        """Refuse what the operator has not set up."""
        name = GeneratorName(self.cleaned_data["name"])
        try:
            check_choice(name)
        except DomainError as error:
            raise ValidationError(str(error.message)) from error
        return name


@admin.register(GeneratorChoice)
class GeneratorChoiceAdmin(ReadOnlyAdmin):
    list_display = ["created", "name", "reason", "chosen_by"]
    form = ChoiceForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Show a choice that was made; take a new one."""
        return ["name", "reason", "chosen_by", "created"] if obj else []

    def save_model(
        self,
        request: HttpRequest,
        obj: GeneratorChoice,
        form: Any,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        """Choose, and keep the row that this made."""
        person = User.objects.get(username=request.user.get_username())
        made = choose_generator(
            name=GeneratorName(obj.name), reason=obj.reason, person=person
        )
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's own way)

    @admin.display(description=_("generator"))
    def name(self, choice: GeneratorChoice) -> str:
        return str(choice)
