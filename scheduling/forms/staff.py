"""The shape of what the staff ask for, and of what their manager decides."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hospital.accounts.models import Department
from hospital.core.errors import DomainError
from hospital.core.widgets import DayInput
from scheduling.limits import LARGEST_BUDGET
from scheduling.models import MOST_POINTS, LeaveKind, Wish

ON = "="  # before a shift that somebody would rather work
USUAL_BUDGET = 6


class RequestForm(forms.Form):
    """Days, what is wished for them, and how much it matters."""

    days = forms.TypedMultipleChoiceField(label=_("Days"), coerce=int)
    wish = forms.ChoiceField(label=_("I would rather"))
    points = forms.TypedChoiceField(label=_("Weight"), coerce=int)

    def __init__(
        self,
        data: Any,
        *,
        days: list[tuple[int, str]],
        shifts: list[tuple[str, str]],
        auto_id: str = "ask_%s",
    ) -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields["points"].choices = [  # type: ignore[attr-defined]  # choice fields
            (
                points,
                ngettext("%(count)d point", "%(count)d points", points)
                % {"count": points},
            )
            for points in range(1, MOST_POINTS + 1)
        ]
        self.fields["days"].choices = days  # type: ignore[attr-defined]  # choice fields
        wishes = [
            (ON + shift, _("work %(shift)s") % {"shift": name})
            for shift, name in shifts
        ]
        self.fields["wish"].choices = [(Wish.OFF, _("be off")), *wishes]  # type: ignore[attr-defined]

    @property
    def chosen_days(self) -> list[int]:
        """The days that were chosen when the form was sent."""
        sent = self.data.getlist("days") if hasattr(self.data, "getlist") else []
        return [int(day) for day in sent if day.isdecimal()]

    @property
    def wanted(self) -> tuple[str, str]:
        """What is wished for, and which shift."""
        wish: str = self.cleaned_data["wish"]
        if wish.startswith(ON):
            return Wish.ON, wish.removeprefix(ON)
        return Wish.OFF, ""


class LeaveForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of leave"), choices=LeaveKind.choices)
    first = forms.DateField(label=_("First day"), widget=DayInput())
    last = forms.DateField(label=_("Last day"), widget=DayInput())
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    note = forms.CharField(label=_("Note for the ward"), max_length=300, required=False)

    def __init__(
        self, data: Any, *, departments: QuerySet[Department], ward: Department | None
    ) -> None:
        super().__init__(data, auto_id="leave_%s")
        self.fields["department"].initial = ward.code if ward else None
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own
        if len(departments) == 1:
            self.fields["department"].widget = forms.HiddenInput()
            self.fields["department"].initial = departments[0].code


class OfferForm(forms.Form):
    """Which shift goes to whom, and what comes back; ids of the partners' page."""

    shift = forms.IntegerField(widget=forms.HiddenInput)
    colleague = forms.UUIDField(widget=forms.HiddenInput)
    in_return = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=300)


class PeriodForm(forms.Form):
    """Until when a draft is open for requests, and what each person may spend."""

    closes = forms.DateField(
        label=_("Open until"),
        widget=DayInput(),
        help_text=_(
            "The last day on which requests are taken, before the roster begins."
        ),
    )
    budget = forms.IntegerField(
        label=_("Points a person"),
        min_value=1,
        max_value=LARGEST_BUDGET,
        initial=USUAL_BUDGET,
        help_text=_("A request takes 1 to 3 of them: its weight."),
    )


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    verdict = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda chosen: chosen == "yes",
    )
    reason = forms.CharField(required=False, max_length=300)


def tell_errors(form: forms.Form, error: DomainError) -> None:
    """Put what a service refused beside the fields it is about."""
    known = {name: told for name, told in error.fields.items() if name in form.fields}
    for name, told in known.items():
        form.add_error(name, list(told))
    if not known:
        form.add_error(None, str(error.message))
