"""Libraries and their entries in the administration: switched, edited, taken on."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hospital.accounts.admin import ReadOnlyAdmin
from hospital.accounts.principal import principal_of
from hospital.knowledge.models import Decision, Entry, Library, Passage, Review
from hospital.knowledge.reading.incoming import IncomingError, check_address
from hospital.knowledge.services.editing import keep_edit
from hospital.knowledge.services.reviewing import decide_each


@admin.register(Library)
class LibraryAdmin(admin.ModelAdmin):
    list_display = ["slug", "name", "is_active", "entry_count", "note"]
    fields = ["slug", "name", "is_active", "note"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Library]:
        """Count the entries of each."""
        counted: QuerySet[Library] = (
            super().get_queryset(request).annotate(count=Count("entries"))
        )
        return counted

    @admin.display(description=_("entries"))
    def entry_count(self, library: Any) -> int:  # Any: with its count
        return int(library.count)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the name that commands and imports know."""
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # switched off instead: what was cited stays to be found


class PassageInline(admin.StackedInline):
    model = Passage
    fields = ["citation", "heading", "text"]
    readonly_fields = ["citation"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EntryForm(forms.ModelForm):
    class Meta:
        model = Entry
        fields = ["title", "focus", "synonyms", "departments", "url", "licence"]

    def clean_url(self) -> str:
        """Refuse what would lead a reader somewhere else than to a page."""
        url = str(self.cleaned_data["url"])
        try:
            check_address(url)
        except IncomingError as error:
            raise ValidationError(str(error)) from error
        return url


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    form = EntryForm
    inlines = [PassageInline]
    list_display = [
        "title",
        "library",
        "lang",
        "state",
        "version",
        "reviewed_by",
        "expires",
    ]
    list_filter = ["library", "state", "lang", "is_pointer"]
    list_select_related = ["library"]
    search_fields = ["title", "focus", "external_id"]
    show_full_result_count = False
    actions = ["submit", "retire"]
    readonly_fields = [
        "library",
        "source",
        "external_id",
        "lang",
        "state",
        "version",
        "edited",
        "reviewed_by",
        "reviewed",
        "expires",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # entries come in by imports, each with its source

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # retired instead: what was cited stays to be found

    def save_model(
        self,
        request: HttpRequest,
        obj: Entry,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        """Nothing yet: the entry is kept together with its passages, see below."""

    def save_related(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        """Keep what was edited as a new version; a clinician reviews it again."""
        passages = [one for part in formsets for one in part.save(commit=False)]
        if form.changed_data or passages:
            keep_edit(form.instance, fields=form.changed_data, passages=passages)
            message = _(
                "Kept as a new version. It answers patients once a clinician approves it."
            )
            messages.info(request, message)

    @admin.action(description=_("Hand in for review"))
    def submit(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        self._decide(request, entries, Decision.SUBMITTED)

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        self._decide(request, entries, Decision.RETIRED)

    def _decide(
        self, request: HttpRequest, entries: QuerySet[Entry], decision: Decision
    ) -> None:
        by = principal_of(request).user
        chosen = ((entry, entry.version) for entry in entries)
        done, refused = decide_each(chosen, decision=decision, by=by)
        words = ngettext("%d entry was changed.", "%d entries were changed.", done)
        messages.success(request, words % done)
        for line in refused[:10]:
            messages.warning(request, line)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["created", "entry", "version", "decision", "by"]
    list_filter = ["decision"]
    list_select_related = ["entry", "by"]
