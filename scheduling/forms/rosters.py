"""The shape of what comes in from the rostering pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hospital.accounts.models import Department
from hospital.core.widgets import DayInput
from scheduling.limits import LARGEST_TEXT
from scheduling.models import Roster, RosterState, SourceFormat

STATES = [("", _("Any state")), *RosterState.choices]
PERIODS = [
    ("", _("Any period")),
    ("current", pgettext_lazy("of periods", "Current")),
    ("coming", pgettext_lazy("of periods", "Coming")),
    ("past", pgettext_lazy("of periods", "Past")),
]
SECONDS = (
    (10, _("10 seconds")),
    (60, _("1 minute")),
    (300, _("5 minutes")),
    (1800, _("30 minutes")),
    (14400, _("4 hours")),
)
USUAL_SECONDS = 60
LEAVE = ("", _("Leave it as it is"))
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)  # that a page looks at
SET = "="  # before a chosen shift: a free day, which has no letters, is a choice too


class OfDepartment(forms.Form):
    """What a page shows of one department, or of every one that may be seen."""

    ids = ""

    department = forms.ModelChoiceField(
        label=_("Department"),
        required=False,
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=_("Every department"),
    )

    def __init__(self, data: Any, *, departments: QuerySet[Department]) -> None:
        super().__init__(data, auto_id=self.ids)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own


class RosterFilter(OfDepartment):
    """What the list shows; every field is a part of the page's address."""

    ids = "roster_%s"
    field_order = ("search", "period", "state", "department")

    search = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": pgettext_lazy("of a thing", "Name")}
        ),
    )
    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def narrow(self, rosters: QuerySet[Roster]) -> QuerySet[Roster]:
        """Return the rosters that the fields ask for; a bad field asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("search"):
            rosters = rosters.filter(name__icontains=asked["search"])
        if asked.get("period"):
            rosters = _of_period(rosters, asked["period"])
        if asked.get("state"):
            rosters = rosters.filter(state=asked["state"])
        if asked.get("department"):
            rosters = rosters.filter(department=asked["department"])
        return rosters


class DutyFilter(OfDepartment):
    """Which day of which ward is shown; both are a part of the page's address."""

    ids = "duty_%s"
    field_order = ("day", "department")

    day = forms.DateField(
        label=_("Day"),
        widget=DayInput(),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


class NewRosterForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
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


class RowsForm(forms.Form):
    """Which people a roster's page shows; the fields are a part of its address."""

    BY_NAME, BY_CONTRACT = "name", "contract"

    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("As in the roster")),
            (BY_NAME, _("By name")),
            (BY_CONTRACT, _("By contract")),
        ],
    )
    group = forms.ChoiceField(label=_("Contract or skill"), required=False)
    broken = forms.BooleanField(label=_("Only with broken rules"), required=False)

    def __init__(self, data: Any, *, groups: list[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="rows_%s")
        choices = [("", _("Everybody")), *groups]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]  # a choice field


class ComparisonForm(forms.Form):
    """Which two rosters are put side by side; the fields are the page's address."""

    left = forms.ChoiceField(label=_("Compare"))
    right = forms.ChoiceField(label=_("With"))

    def __init__(self, data: Any, *, choices: list[Any]) -> None:
        super().__init__(data, auto_id="side_%s")
        for name in ("left", "right"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # choice fields


class ForCells(forms.Form):
    """A form about cells: `chooses` says what each of its fields chooses from."""

    chooses: Mapping[str, str]
    ids = ""

    def __init__(
        self,
        data: Any,
        *,
        people: list[tuple[str, str]],
        days: list[tuple[int, str]],
        shifts: list[tuple[str, str]],
        **further: Any,
    ) -> None:
        super().__init__(data, **{"auto_id": self.ids, **further})
        set_to = [(SET + shift, name) for shift, name in shifts]
        shown: dict[str, list[Any]] = {
            "people": people,
            "somebody": [("", _("Choose a person")), *people],
            "days": days,
            "shifts": [LEAVE, (SET, _("Free day")), *set_to],
        }
        for name, kind in self.chooses.items():
            self.fields[name].choices = shown[kind]  # type: ignore[attr-defined]  # choice fields


class CellForm(ForCells):
    """One cell, for who changes it without the grid's keys; what is left is None."""

    chooses = {"person": "people", "day": "days", "shift": "shifts"}
    ids = "cell_%s"

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


def _of_period(rosters: QuerySet[Roster], period: str) -> QuerySet[Roster]:
    """Return the rosters of today, of later, or of before."""
    today = timezone.localdate()
    end = ExpressionWrapper(F("start") + F("days"), output_field=DateField())
    periods = {
        "current": Q(start__lte=today, end__gt=today),
        "coming": Q(start__gt=today),
        "past": Q(end__lte=today),
    }
    return rosters.alias(end=end).filter(periods[period])
