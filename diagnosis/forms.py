"""The shape of what comes in from the reader's pages."""

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from diagnosis.models import AlertRule, Priority, Study, StudyStatus
from hospital.accounts.principal import Principal

OPEN_STATUSES = [status for status in StudyStatus if status != StudyStatus.SIGNED]
STATUS_CHOICES = [
    ("", _("Any state")),
    ("open", _("To be read")),
    *StudyStatus.choices,
]
FINDING_CHOICES = [
    ("", _("Any finding")),
    ("positive", _("Something found")),
    ("negative", _("Nothing found")),
    ("abstained", _("AI abstained")),
    ("none", _("Not read by AI")),
]
SPANS = [("30", _("30 days")), ("91", _("13 weeks")), ("364", _("A year"))]
READER_CHOICES = [("", _("Any reader")), ("me", _("Me")), ("nobody", _("Nobody yet"))]
FINDING_FILTERS = {
    "positive": Q(ai_positive=True, ai_abstained=False),
    "negative": Q(ai_positive=False, ai_abstained=False),
    "abstained": Q(ai_abstained=True),
    "none": Q(ai_abstained__isnull=True),
}


class WorklistFilter(forms.Form):
    """What the worklist shows; every field is a part of the page's address."""

    search = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, number, accession")}
        ),
    )
    status = forms.ChoiceField(label=_("State"), required=False, choices=STATUS_CHOICES)
    priority = forms.ChoiceField(
        label=_("Priority"),
        required=False,
        choices=[("", _("Any priority")), *Priority.choices],
    )
    modality = forms.ChoiceField(label=_("Modality"), required=False)
    finding = forms.ChoiceField(
        label=_("AI finding"), required=False, choices=FINDING_CHOICES
    )
    reader = forms.ChoiceField(
        label=_("Reader"), required=False, choices=READER_CHOICES
    )

    def __init__(self, data: QueryDict, *, modalities: list[str]) -> None:
        super().__init__(data, auto_id="worklist_%s")
        choices = [("", _("Any modality")), *zip(modalities, modalities, strict=True)]
        self.fields["modality"] = forms.ChoiceField(
            label=_("Modality"), required=False, choices=choices
        )

    def narrow(self, studies: QuerySet[Study], principal: Principal) -> QuerySet[Study]:
        """Return the studies that pass every filter; an invalid one passes all."""
        self.is_valid()
        chosen = {key: value for key, value in self.cleaned_data.items() if value}
        status = chosen.get("status")
        if status == "open":
            studies = studies.filter(status__in=OPEN_STATUSES)
        elif status:
            studies = studies.filter(status=status)
        for name in ("priority", "modality"):
            if name in chosen:
                studies = studies.filter(**{name: chosen[name]})
        if "finding" in chosen:
            studies = studies.filter(FINDING_FILTERS[chosen["finding"]])
        if "reader" in chosen:
            reader = principal.user if chosen["reader"] == "me" else None
            studies = studies.filter(reader=reader)
        return matching(studies, chosen["search"]) if "search" in chosen else studies


def matching(studies: QuerySet[Study], text: str) -> QuerySet[Study]:
    """Return the studies whose patient, numbers or description hold every word."""
    for word in text.split():
        studies = studies.filter(
            Q(accession_number__istartswith=word)
            | Q(description__icontains=word)
            | Q(patient__names__text__icontains=word)
            | Q(patient__identifiers__value__istartswith=word)
        )
    return studies.distinct()


def _text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReportForm(forms.Form):
    """What the reader writes; every part may still be empty in a draft."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    technique = forms.CharField(
        label=_("Technique"), required=False, max_length=50_000, widget=_text_area(3)
    )
    findings = forms.CharField(
        label=_("Findings"), required=False, max_length=50_000, widget=_text_area(6)
    )
    impression = forms.CharField(
        label=_("Impression"), required=False, max_length=50_000, widget=_text_area(3)
    )


class IdentityForm(forms.Form):
    """The password again, or a code of the second factor."""

    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("or a code of your second factor"),
        required=False,
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )


class SignatureForm(IdentityForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AddendumForm(IdentityForm):
    text = forms.CharField(
        label=_("Addendum"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ["text", "password", "code"]


class MonitoringFilter(forms.Form):
    """Which readings the monitoring page is about; the model in service by default."""

    def __init__(
        self, data: QueryDict, *, models: list[str], sources: list[str], in_service: str
    ) -> None:
        shown = {"model": in_service if in_service in models else ""}
        super().__init__({**shown, "days": "91", **data.dict()}, auto_id="watch_%s")
        for name, label, every, known in (
            ("model", _("Model"), _("Every model"), models),
            ("source", _("Department"), _("Every department"), sources),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", every), *zip(known, known, strict=True)],
            )
        self.fields["days"] = forms.ChoiceField(label=_("Time"), choices=SPANS)
        self.is_valid()

    @property
    def model(self) -> str:
        return str(self.cleaned_data.get("model", ""))

    @property
    def source(self) -> str:
        return str(self.cleaned_data.get("source", ""))

    @property
    def span(self) -> int:
        """How many days, up to now."""
        return int(self.cleaned_data.get("days", 91))


class AlertRuleForm(forms.ModelForm):
    """A bound, over how many days and readings, and whether anybody is told."""

    class Meta:
        model = AlertRule
        fields = ["threshold", "days", "least", "is_on"]
