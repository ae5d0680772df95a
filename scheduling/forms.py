"""The shape of what comes in from the rostering pages."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from scheduling.limits import LARGEST_TEXT
from scheduling.models import Roster, RosterState, SourceFormat

STATES = [("", _("Any state")), *RosterState.choices]
SECONDS = (
    (10, _("10 seconds")),
    (60, _("1 minute")),
    (300, _("5 minutes")),
    (1800, _("30 minutes")),
    (14400, _("4 hours")),
)
USUAL_SECONDS = 60
LEAVE = ("", _("Leave it as it is"))
SET = "="  # before a chosen shift: a free day, which has no letters, is a choice too


class RosterFilter(forms.Form):
    """What the list shows; every field is a part of the page's address."""

    search = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name")}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    department = forms.ModelChoiceField(
        label=_("Department"),
        required=False,
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=_("Every department"),
    )

    def __init__(self, data: Any, *, departments: QuerySet[Department]) -> None:
        super().__init__(data, auto_id="roster_%s")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own

    def narrow(self, rosters: QuerySet[Roster]) -> QuerySet[Roster]:
        """Return the rosters that the fields ask for; a bad field asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("search"):
            rosters = rosters.filter(name__icontains=asked["search"])
        if asked.get("state"):
            rosters = rosters.filter(state=asked["state"])
        if asked.get("department"):
            rosters = rosters.filter(department=asked["department"])
        return rosters


class NewRosterForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    format = forms.ChoiceField(label=_("Written in"), choices=SourceFormat.choices)
    problem = forms.FileField(
        label=_("File with the roster's problem"),
        help_text=_("People, shifts, rules and how many are needed each day."),
    )

    def __init__(
        self, *args: Any, departments: QuerySet[Department], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own

    def clean_problem(self) -> str:
        """Return the file's text."""
        file = self.cleaned_data["problem"]
        if file.size > LARGEST_TEXT:
            raise forms.ValidationError(_("The file is too large to be a roster."))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is no text in UTF-8.")) from error
        return text


class SearchForm(forms.Form):
    """How long a search may take."""

    time_limit = forms.TypedChoiceField(
        label=_("Time for the search"),
        choices=SECONDS,
        coerce=int,
        initial=USUAL_SECONDS,
    )


class PublicationForm(forms.Form):
    note = forms.CharField(
        label=_("Note for the staff"), max_length=300, required=False
    )
    accept_violations = forms.BooleanField(
        label=_("Publish it although it breaks rules"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AwayForm(forms.Form):
    """Who cannot come, from which day to which."""

    person = forms.ChoiceField(label=_("Who is away"))
    first = forms.TypedChoiceField(label=_("From"), coerce=int)
    last = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(
        self,
        data: Any,
        *,
        people: list[tuple[str, str]],
        days: list[tuple[int, str]],
        shifts: list[tuple[str, str]],
    ) -> None:
        super().__init__(data, auto_id="away_%s")
        self.fields["person"].choices = people  # type: ignore[attr-defined]  # choice fields
        self.fields["first"].choices = days  # type: ignore[attr-defined]
        self.fields["last"].choices = days  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before its beginning."""
        sent = super().clean() or {}
        if sent.get("last", 0) < sent.get("first", 0):
            raise forms.ValidationError(_("The last day comes before the first."))
        return sent


class CellForm(forms.Form):
    """One cell, for who changes it without the grid's keys; what is left is None."""

    person = forms.ChoiceField(label=_("Person"))
    day = forms.TypedChoiceField(label=_("Day"), coerce=int)
    shift = forms.TypedChoiceField(
        label=_("Shift"),
        required=False,
        coerce=lambda chosen: chosen.removeprefix(SET),
        empty_value=None,
    )
    locked = forms.TypedChoiceField(
        label=_("Lock"),
        required=False,
        choices=[LEAVE, ("lock", _("Lock the cell")), ("unlock", _("Unlock the cell"))],
        coerce=lambda chosen: chosen == "lock",
        empty_value=None,
    )

    def __init__(
        self,
        data: Any,
        *,
        people: list[tuple[str, str]],
        days: list[tuple[int, str]],
        shifts: list[tuple[str, str]],
    ) -> None:
        super().__init__(data, auto_id="cell_%s")
        set_to = [(SET + shift, name) for shift, name in shifts]
        choices = {
            "person": people,
            "day": days,
            "shift": [LEAVE, (SET, _("Free day")), *set_to],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # choice fields
