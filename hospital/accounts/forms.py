"""The shape of what people type about accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.accounts.scopes import all_scopes

PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"})
NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class UnlockForm(forms.Form):
    password = forms.CharField(label=_("Password"), strip=False, widget=PASSWORD)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class IdentityForm(forms.Form):
    """The password again, or a code of the second factor."""

    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        max_length=1024,
        widget=PASSWORD,
    )
    code = forms.CharField(
        label=_("or a code of your second factor"),
        required=False,
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=NEW_PASSWORD,
        help_text=_("At least 8 characters; a sentence is easier to remember."),
    )
    again = forms.CharField(
        label=_("New password again"), strip=False, widget=NEW_PASSWORD
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class RecordCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        help_text=_("The hospital printed it for you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ApiTokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for?"), max_length=100, widget=forms.TextInput
    )
    days = forms.TypedChoiceField(
        label=_("It ends after"),
        coerce=int,
        choices=[
            (30, _("30 days")),
            (90, _("90 days")),
            (365, _("1 year")),
        ],
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(all_scopes().items()),
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=PASSWORD,
        help_text=_("A token opens your account to a program, so we ask again."),
    )
