"""The shape of a sick call: who is away on which days, and what stays as it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms.rosters import ForCells
from scheduling.limits import HEAVIEST_CHANGE, LONGEST_FREEZE_H

MOST_AWAY = 6  # at once on the page; REST takes more


class AbsenceForm(ForCells):
    """Who cannot come, from which day to which.

    The days come with a hidden copy, so that a row nobody wrote into is known as such
    even where it was shown yesterday.
    """

    chooses = {"person": "somebody", "first": "days", "last": "days"}

    person = forms.ChoiceField(
        label=_("Who is away"), error_messages={"required": _("Say who is away.")}
    )
    first = forms.TypedChoiceField(
        label=_("From"), coerce=int, show_hidden_initial=True
    )
    last = forms.TypedChoiceField(label=_("To"), coerce=int, show_hidden_initial=True)

    @property
    def is_written(self) -> bool:
        return self.is_bound and self.has_changed()

    @property
    def days(self) -> list[int]:
        return list(range(self.cleaned_data["first"], self.cleaned_data["last"] + 1))

    @property
    def said(self) -> dict[str, str]:
        """What was chosen in each field, as the page names it."""
        return {
            name: str(dict(self.fields[name].choices)[chosen])  # type: ignore[attr-defined]  # choice fields
            for name, chosen in self.cleaned_data.items()
        }

    def clean(self) -> dict[str, Any]:
        """Refuse an end before its beginning."""
        sent = super().clean() or {}
        if sent.get("last", 0) < sent.get("first", 0):
            self.add_error("last", _("The last day comes before the first."))
        return sent


class SickCallForm(forms.Form):
    """Who is away, what stays as it is, and what changes are worth."""

    freeze_hours = forms.IntegerField(
        label=_("Keep as published what starts within so many hours"),
        min_value=0,
        max_value=LONGEST_FREEZE_H,
        initial=0,
        required=False,
    )
    cell_weight = forms.FloatField(
        label=_("What a changed cell is worth"),
        min_value=0,
        max_value=HEAVIEST_CHANGE,
        required=False,
        help_text=_("In the cost of cover; 2.5 if empty. Higher: fewer cells change."),
    )
    person_weight = forms.FloatField(
        label=_("What a person disturbed is worth"),
        min_value=0,
        max_value=HEAVIEST_CHANGE,
        required=False,
        help_text=_("Likewise. Higher: fewer people are asked."),
    )

    def __init__(self, data: Any, *, today: int, choices: dict[str, Any]) -> None:
        super().__init__(data, auto_id="away_%s")
        self.rows = [
            AbsenceForm(
                data,
                prefix=f"away-{number}",
                auto_id="%s",
                initial={"first": today, "last": today},
                empty_permitted=number > 0,
                use_required_attribute=number == 0,
                **choices,
            )
            for number in range(MOST_AWAY)
        ]

    def is_valid(self) -> bool:
        """Tell whether all is well; what is wrong is found in every row."""
        rows_are_valid = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows_are_valid) and self._each_is_named_once()

    @property
    def absent(self) -> list[AbsenceForm]:
        """The rows of who is away."""
        return [row for row in self.rows if row.cleaned_data]

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields that a sick call seldom needs."""
        return [self["cell_weight"], self["person_weight"]]

    def _each_is_named_once(self) -> bool:
        named = set()
        for row in self.absent:
            person = row.cleaned_data["person"]
            if person in named:
                row.add_error(
                    "person", _("This person is named above: say all days there.")
                )
            named.add(person)
        return len(named) == len(self.absent)
