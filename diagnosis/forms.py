"""The shape of what comes in from the reader's pages."""

from collections.abc import Mapping

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from diagnosis.models import (
    AlertRule,
    LabelProject,
    Marks,
    Part,
    Priority,
    Study,
    StudyStatus,
)
from diagnosis.selectors.labelling import label_projects_visible_to
from diagnosis.services.label_projects import ProjectWish
from hospital.accounts.forms import IdentityForm
from hospital.accounts.models import Department, Role, User
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
        self,
        data: QueryDict,
        *,
        models: list[str],
        sources: Mapping[str, str],
        in_service: str,
    ) -> None:
        shown = {"model": in_service if in_service in models else ""}
        super().__init__({**shown, "days": "91", **data.dict()}, auto_id="watch_%s")
        for name, label, every, known in (
            ("model", _("Model"), _("Every model"), zip(models, models, strict=True)),
            ("source", _("Department"), _("Every department"), sources.items()),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", every), *known],
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


class RenewalForm(forms.Form):
    """What a new version learns from beside signed reports: labels of closed projects."""

    projects = forms.ModelMultipleChoiceField(
        LabelProject.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Learn from the labels of readers, too"),
        help_text=_(
            "Closed projects. Where readers labelled a study, their label counts in place "
            "of its report's."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, principal: Principal) -> None:
        super().__init__(data)
        closed = label_projects_visible_to(principal).exclude(closed=None)
        self.fields["projects"].queryset = closed  # type: ignore[attr-defined]  # Django's field

    @property
    def has_projects(self) -> bool:
        return bool(self.fields["projects"].queryset.exists())  # type: ignore[attr-defined]  # Django's field


class AlertRuleForm(forms.ModelForm):
    """A bound, over how many days and readings, and whether anybody is told."""

    class Meta:
        model = AlertRule
        fields = ["threshold", "days", "least", "is_on"]


class PeopleField(forms.ModelMultipleChoiceField):
    """Clinicians, ticked one by one."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, user: User) -> str:
        """Return a person's name, and the one they sign in with."""
        name, login = user.get_full_name(), user.get_username()
        return f"{name} ({login})" if name else login


class LabelProjectForm(forms.Form):
    """A labelling project as whoever sets it up describes it."""

    name = forms.CharField(label=_("Name of the project"), max_length=120)
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        empty_label=None,
        help_text=_("Its studies are labelled, by its clinicians."),
    )
    modality = forms.ChoiceField(label=_("Modality"))
    question = forms.CharField(
        label=_("Question"),
        max_length=300,
        help_text=_("What a reader is asked of each study."),
    )
    labels = forms.CharField(
        label=_("Labels"),
        max_length=700,
        widget=_text_area(4),
        help_text=_(
            "One a line, from 2 to 9. They are the classes that a model learns, and the "
            "keys 1 to 9."
        ),
    )
    marks = forms.ChoiceField(
        label=_("What is marked"), choices=Marks.choices, widget=forms.RadioSelect
    )
    readers_per_study = forms.TypedChoiceField(
        label=_("Readers of each study"),
        coerce=int,
        choices=[
            (1, _("One")),
            (2, _("Two, who do not see each other's labels")),
        ],
        widget=forms.RadioSelect,
    )
    guideline = forms.CharField(
        label=_("Guideline"),
        required=False,
        max_length=20_000,
        widget=_text_area(5),
        help_text=_("What counts as which label, in Markdown. Readers see it always."),
    )
    readers = PeopleField(
        label=_("Readers"), required=False, queryset=User.objects.none()
    )
    adjudicators = PeopleField(
        label=_("Adjudicators"),
        required=False,
        queryset=User.objects.none(),
        help_text=_("They decide where two readers disagree, and read nothing else."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        departments: QuerySet[Department],
        modalities: list[str],
        project: LabelProject | None = None,
    ) -> None:
        usual = {"marks": Marks.STUDY, "readers_per_study": 1, "modality": "CT"}
        initial = _project_words(project) if project else usual
        super().__init__(data, initial=initial)
        people = User.objects.filter(
            role=Role.CLINICIAN, is_active=True, memberships__department__in=departments
        )
        known = people.distinct().order_by("last_name", "first_name", "username")
        names = sorted({"CT", *modalities, project.modality if project else "CT"})
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]  # the field's own
        self.fields["readers"].queryset = known  # type: ignore[attr-defined]  # the field's own
        self.fields["adjudicators"].queryset = known  # type: ignore[attr-defined]  # the field's own
        self.fields["modality"] = forms.ChoiceField(
            label=_("Modality"), choices=[(name, name) for name in names]
        )

    def wish(self) -> ProjectWish:
        """Return what a valid form asks for."""
        words = dict(self.cleaned_data)
        return ProjectWish(**{**words, "labels": words["labels"].splitlines()})


def _project_words(project: LabelProject) -> dict[str, object]:
    people = list(project.members.all())
    return {
        "name": project.name,
        "department": project.department.code,
        "modality": project.modality,
        "question": project.question,
        "labels": "\n".join(project.labels),
        "marks": project.marks,
        "readers_per_study": project.readers_per_study,
        "guideline": project.guideline,
        "readers": [one.user_id for one in people if one.part == Part.READER],
        "adjudicators": [one.user_id for one in people if one.part == Part.ADJUDICATOR],
    }


class LabelImportForm(forms.Form):
    """A file of labels, and whose they are where it does not say."""

    file = forms.FileField(
        label=_("File of labels"),
        help_text=_(
            "CSV with study_instance_uid, reader and label_name; COCO JSON; or DICOM "
            "structured reports and binary segmentations (.zip, .dcm), as they are "
            "exported here. You look it over before anything is taken in."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.json,.zip,.dcm"}),
    )
    reader = forms.ChoiceField(
        label=_("Whose labels, where the file names nobody"), required=False
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        project: LabelProject,
    ) -> None:
        super().__init__(data, files)
        members = project.members.select_related("user")
        names = [member.user.get_username() for member in members]
        self.fields["reader"].choices = [  # type: ignore[attr-defined]  # the field's own
            ("", _("The file names everybody")),
            *zip(names, names, strict=True),
        ]
