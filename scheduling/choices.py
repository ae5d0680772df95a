"""What managers choose about a roster's aims, its law, and what past rosters suggest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from scheduling.models import Aims, Roster
from scheduling.saying.laws import law_choices
from scheduling.solver.fairness import DEFAULT_ORDER
from scheduling.solver.laws import LawProfile
from scheduling.solver.rules import Tier

TIERS = {
    "cover": _("Cover: enough people in each shift"),
    "contract": _("Contract: hours, runs and rest"),
    "fairness": _("Fairness: burdens shared"),
    "preference": _("Preference: what people asked for"),
}
PLACES = ("first", "second", "third", "fourth")
NO_LAW = ("", _("None"))


class AimsForm(forms.Form):
    """What the next search aims at."""

    fair_shares = forms.BooleanField(
        label=_("Fair shares in the next search"), required=False
    )
    in_order = forms.BooleanField(
        label=_("Strictly in this order, whatever the weights say"), required=False
    )
    first = forms.ChoiceField(label=_("Matters most"), choices=[*TIERS.items()])
    second = forms.ChoiceField(label=_("Then"), choices=[*TIERS.items()])
    third = forms.ChoiceField(label=_("After that"), choices=[*TIERS.items()])
    fourth = forms.ChoiceField(label=_("Last"), choices=[*TIERS.items()])
    unpopular = forms.MultipleChoiceField(
        label=_("Unpopular shifts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, aims: Aims, shifts: list[tuple[str, str]]) -> None:
        order = dict(zip(PLACES, aims.tier_order or DEFAULT_ORDER, strict=True))
        initial = {
            "fair_shares": aims.fair_shares,
            "in_order": bool(aims.tier_order),
            "unpopular": aims.unpopular,
            **order,
        }
        super().__init__(data, initial=initial, auto_id="aims_%s")
        self.fields["unpopular"].choices = shifts  # type: ignore[attr-defined]  # a choice field

    def order(self) -> list[Tier]:
        """Return the chosen order; empty where the weights decide."""
        if not self.cleaned_data["in_order"]:
            return []
        return [self.cleaned_data[place] for place in PLACES]

    def clean(self) -> dict[str, Any]:
        """Refuse an order that names a tier twice."""
        sent = super().clean() or {}
        order = [sent.get(place) for place in PLACES]
        if sent.get("in_order") and len(set(order)) < len(order):
            raise forms.ValidationError(
                _("Name each of the four once, the most important first.")
            )
        return sent


class LawForm(forms.Form):
    """Under which law a roster is made, with which of its optional clauses."""

    profile = forms.ChoiceField(label=_("Law profile"), required=False)
    clauses = forms.MultipleChoiceField(
        label=_("Clauses that count only where chosen"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any,
        *,
        profiles: Sequence[LawProfile],
        current: str,
        asked: Sequence[str],
    ) -> None:
        initial = {"profile": current, "clauses": asked}
        super().__init__(data, initial=initial, auto_id="law_%s")
        self.fields["profile"].choices = [NO_LAW, *law_choices(profiles)]  # type: ignore[attr-defined]  # choice fields
        self.fields["clauses"].choices = [  # type: ignore[attr-defined]
            (clause.name, _(clause.name))
            for one in profiles
            for clause in one.clauses
            if clause.is_optional
        ]


class PastForm(forms.Form):
    """A file of past rosters, for a department."""

    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    file = forms.FileField(
        label=_("File with past rosters"),
        help_text=_(
            "CSV or Excel with the columns date, employee and shift; planned, absence"
            " and group may be there too. Headings may be English or Chinese. Names are"
            " not kept."
        ),
    )

    def __init__(
        self, *args: Any, departments: QuerySet[Department], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own


class LearnForm(forms.Form):
    """The department whose own published rosters teach."""

    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=None,
    )

    def __init__(self, data: Any, *, departments: QuerySet[Department]) -> None:
        super().__init__(data, auto_id="learn_%s")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own


class AcceptanceForm(forms.Form):
    """Into which draft proposals are taken."""

    roster = forms.ModelChoiceField(
        label=_("Into the draft"), queryset=Roster.objects.none(), empty_label=None
    )

    def __init__(self, data: Any, *, drafts: QuerySet[Roster]) -> None:
        super().__init__(data, auto_id="acceptance_%s")
        self.fields["roster"].queryset = drafts  # type: ignore[attr-defined]  # the field's own
