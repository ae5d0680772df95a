"""The shape of what comes in from the library's pages."""

import re
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hospital.knowledge.models import Decision, Entry, EntryState, Language, Library

_PAIR = re.compile(r"([0-9a-f-]{36}):([0-9]{1,9})")
STATES = [("", _("Any state")), *EntryState.choices]
LANGUAGES = [("", _("Any language")), *Language.choices]
KINDS = [
    ("", _("Texts and links")),
    ("text", _("Texts")),
    ("pointer", _("Links only")),
    ("unreviewed", _("Not reviewed")),
    ("expired", _("Expired")),
    ("edited", _("Edited here")),
]


class EntryFilter(forms.Form):
    """What the list shows; every field is a part of the page's address."""

    search = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Title, subject or id")}
        ),
    )
    library = forms.ModelChoiceField(
        label=_("Library"),
        required=False,
        queryset=Library.objects.none(),
        to_field_name="slug",
        empty_label=_("Every library"),
    )
    lang = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=KINDS)

    def __init__(self, data: Any, *, libraries: QuerySet[Library]) -> None:
        super().__init__(data, auto_id="entry_%s")
        self.fields["library"].queryset = libraries  # type: ignore[attr-defined]  # the field's own

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Return the entries that the fields ask for; a bad field asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if words := asked.get("search"):
            entries = entries.filter(
                Q(title__icontains=words)
                | Q(focus__icontains=words)
                | Q(external_id__istartswith=words)
            )
        for name in ("library", "lang", "state"):
            if asked.get(name):
                entries = entries.filter(**{name: asked[name]})
        if asked.get("kind"):
            entries = entries.filter(_of_kind(asked["kind"]))
        return entries


class DecisionForm(forms.Form):
    """What is decided about the version that was read."""

    decision = forms.ChoiceField(choices=Decision.choices)
    version = forms.IntegerField(min_value=1)
    words = forms.CharField(required=False, max_length=5000)
    expires = forms.DateField(required=False)


class ApprovalsForm(forms.Form):
    """Which texts are approved together, each as `id:version`, and that they were read."""

    which = forms.ChoiceField(choices=[("marked", ""), ("shown", "")])
    was_read = forms.BooleanField()

    def versions(self) -> dict[UUID, int]:
        """Return the version of each entry that was read; what is no such pair is none."""
        data = cast("QueryDict", self.data)
        pairs = (
            _PAIR.fullmatch(each) for each in data.getlist(self.cleaned_data["which"])
        )
        return {UUID(pair[1]): int(pair[2]) for pair in pairs if pair}


def _readers_language() -> str:
    """Return the language of the library that is nearest to the page's."""
    tag = get_language() or ""
    return Language.CHINESE if tag.startswith("zh") else Language.ENGLISH


class SearchForm(forms.Form):
    """A question, as a patient might ask it."""

    question = forms.CharField(
        label=_("Question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    lang = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, initial=_readers_language
    )
    library = forms.ModelChoiceField(
        label=_("Library"),
        required=False,
        queryset=Library.objects.none(),
        to_field_name="slug",
        empty_label=_("Every library that is switched on"),
    )

    def __init__(self, *args: Any, libraries: QuerySet[Library], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = libraries  # type: ignore[attr-defined]  # the field's own


def _of_kind(kind: str) -> Q:
    return {
        "text": Q(is_pointer=False),
        "pointer": Q(is_pointer=True),
        "unreviewed": Q(reviewed_by="", is_pointer=False),
        "expired": Q(expires__lte=timezone.localdate()),
        "edited": Q(edited__isnull=False),
    }[kind]
