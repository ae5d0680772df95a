"""What is chosen where a ward comes in as tables, and where its next period begins."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from hospital.accounts.models import Department
from hospital.core.widgets import DayInput
from scheduling.choices import NO_LAW
from scheduling.importing.tables import next_monday
from scheduling.limits import LARGEST_TEXT
from scheduling.saying.laws import law_choices
from scheduling.selectors.laws import offered_laws
from scheduling.services.imports import Choice, SentFile
from scheduling.solver.instance import FIRST_DATE, LAST_DATE, MAX_DAYS

DAYS_A_WEEK = 7
MOST_WEEKS = 26
USUAL_WEEKS = 4
MOST_FILES = 12
LATEST_START = LAST_DATE - timedelta(days=MAX_DAYS)
LAW_OF = {"zh": "china-labor-law"}  # by language; elsewhere the European one
EUROPEAN = "eu-2003-88-ec"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One workbook, or several CSV files."""

    widget = FilesInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"})

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Return the files, each cleaned by itself."""
        sent = (data if isinstance(data, list | tuple) else [data]) or [None]
        files = [super(FilesField, self).clean(one) for one in sent]
        if len(files) > MOST_FILES:
            message = _("Send at most %(most)s files at once.") % {"most": MOST_FILES}
            raise forms.ValidationError(message)
        if sum(one.size or 0 for one in files) > LARGEST_TEXT:
            raise forms.ValidationError(_("The files are too large to be a ward."))
        return files


class WardTablesForm(forms.Form):
    """A ward's tables for a roster that is there already."""

    tables = FilesField(
        label=gettext_lazy("Workbook, or CSV files"),
        help_text=gettext_lazy(
            "The workbook that you downloaded and changed; or single sheets as"
            " people.csv, demand.csv and so on."
        ),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="ward_%s")

    def sent_files(self) -> list[SentFile]:
        return sent_files(self)


class WardForm(forms.Form):
    """A ward's tables, and for which days they are."""

    tables = FilesField(
        label=gettext_lazy("Workbook, or CSV files"),
        help_text=gettext_lazy(
            "One XLSX file as the template; or people.csv, demand.csv and so on, chosen"
            " together."
        ),
    )
    name = forms.CharField(label=gettext_lazy("Name of the roster"), max_length=200)
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=None,
    )
    start = forms.DateField(
        label=gettext_lazy("First day"),
        widget=DayInput(),
    )
    weeks = forms.TypedChoiceField(label=gettext_lazy("Length"), coerce=int)
    law = forms.ChoiceField(
        label=gettext_lazy("Law profile"),
        required=False,
        help_text=gettext_lazy(
            "Whose rules on rest and hours count for everybody, beside the contracts."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        departments: QuerySet[Department],
        chosen: Mapping[str, object] | None = None,
    ) -> None:
        initial = {
            "start": next_monday(timezone.localdate()),
            "weeks": USUAL_WEEKS,
            "law": LAW_OF.get((get_language() or "")[:2], EUROPEAN),
            **(chosen or {}),
        }
        super().__init__(data, files, initial=initial, auto_id="ward_%s")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own
        self.fields["weeks"].choices = week_choices()  # type: ignore[attr-defined]  # choice fields
        self.fields["law"].choices = [NO_LAW, *law_choices(offered_laws())]  # type: ignore[attr-defined]

    def clean_start(self) -> date:
        """Refuse a day beyond what can be reckoned."""
        start: date = self.cleaned_data["start"]
        if not FIRST_DATE <= start <= LATEST_START:
            raise forms.ValidationError(_("Choose a first day of our time."))
        return start

    def choice(self) -> Choice:
        sent = self.cleaned_data
        return Choice(
            department=sent["department"],
            name=sent["name"],
            start=sent["start"],
            days=sent["weeks"] * DAYS_A_WEEK,
            law=sent["law"],
        )

    def sent_files(self) -> list[SentFile]:
        return sent_files(self)


class NextPeriodForm(forms.Form):
    """What the next period is called, and how long it is."""

    name = forms.CharField(label=gettext_lazy("Name of the roster"), max_length=200)
    days = forms.TypedChoiceField(label=gettext_lazy("Length"), coerce=int)

    def __init__(self, data: Any, *, name: str, days: int) -> None:
        super().__init__(data, initial={"name": name, "days": days}, auto_id="next_%s")
        choices = [(weeks * DAYS_A_WEEK, words) for weeks, words in week_choices()]
        if days % DAYS_A_WEEK or days > MOST_WEEKS * DAYS_A_WEEK:
            words = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
            choices.insert(0, (min(days, MAX_DAYS), words))
        self.fields["days"].choices = choices  # type: ignore[attr-defined]  # a choice field


def sent_files(form: forms.Form) -> list[SentFile]:
    return [SentFile(one.name or "", one.read()) for one in form.cleaned_data["tables"]]


def week_choices() -> list[tuple[int, str]]:
    return [
        (weeks, ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks})
        for weeks in range(1, MOST_WEEKS + 1)
    ]
