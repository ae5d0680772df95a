"""The evidence library: what patients may be told, where it comes from, who checked it."""

from datetime import date
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgvector.django import VectorField

from hospital.core.models import Row

VECTOR_LENGTH = 384  # what the MiniLM encoder gives


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    CHINESE = "zh", _("Chinese")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class Library(Row):
    """A body of entries that is switched on or off as one.

    Attributes:
        slug: Its name in commands and in questions, such as `anji` or `medquad`.
        is_active: Whether patients are answered from it.
        note: What a reader must know of it, shown wherever its text is.
    """

    slug = models.SlugField(_("short name"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_active = models.BooleanField(_("answers patients"), default=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("library")
        verbose_name_plural = _("libraries")

    def __str__(self) -> str:
        return self.name


class Source(Row):
    """Who wrote a part of a library: a publisher, an institute, an encyclopedia."""

    library = models.ForeignKey(
        Library,
        on_delete=models.CASCADE,
        related_name="sources",
        verbose_name=_("library"),
    )
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "name"], name="source_once_in_a_library"
            )
        ]

    def __str__(self) -> str:
        return self.name


class EntryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


def is_in_force(on: date, *, prefix: str = "") -> Q:
    """Return what patients may be told that day: published, unexpired, switched on.

    Args:
        on: The day.
        prefix: How the entry is reached from the rows asked for, such as `entry__`.
    """
    expires = f"{prefix}expires"
    facts = {
        f"{prefix}state": EntryState.PUBLISHED,
        f"{prefix}library__is_active": True,
    }
    return (Q(**{expires: None}) | Q(**{f"{expires}__gt": on})) & Q(**facts)


class EntryQuerySet(models.QuerySet["Entry"]):
    def in_force(self, on: date) -> Self:
        """Keep what patients may be told that day."""
        return self.filter(is_in_force(on))


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
)
class Entry(Row):
    """One topic, or one question, in one language.

    Attributes:
        external_id: Its name where it comes from; kept, and the same in every language.
        focus: What it is about, such as a disease or a medicine.
        url: The page it was taken from, or that a pointer leads to.
        references: The public pages it rests on, each a `title` and a `url`.
        is_pointer: It has no text of its own: found, shown as a link, never quoted.
        version: Goes up whenever its text changes.
        digest: Of what was imported last; empty where it was written here.
        edited: When somebody changed it here by hand; imports leave it alone then.
        offered: Digest of a newer import that was left aside for that reason.
        reviewed_by: The reviewer as the source names them; `reviewer` is one of ours.
    """

    library = models.ForeignKey(
        Library,
        on_delete=models.CASCADE,
        related_name="entries",
        verbose_name=_("library"),
    )
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("source"),
    )
    external_id = models.CharField(_("id"), max_length=200)
    lang = models.CharField(_("language"), max_length=8, choices=Language.choices)
    title = models.CharField(_("title"), max_length=500)
    synonyms = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("other words for it"),
    )
    focus = models.CharField(_("about"), max_length=300, blank=True)
    qtype = models.CharField(_("kind of question"), max_length=60, blank=True)
    category = models.CharField(_("category"), max_length=40, blank=True)
    departments = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name=_("departments"),
    )
    url = models.CharField(_("address"), max_length=1000, blank=True)
    references = models.JSONField(_("references"), default=list, blank=True)
    licence = models.CharField(_("licence"), max_length=300, blank=True)
    is_pointer = models.BooleanField(_("link only"), default=False)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=EntryState.choices,
        default=EntryState.DRAFT,
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    edited = models.DateTimeField(_("edited by hand"), null=True, editable=False)
    offered = models.CharField(max_length=64, blank=True, editable=False)
    written = models.DateField(_("written"), null=True, blank=True)
    reviewed_by = models.CharField(_("reviewed by"), max_length=200, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    reviewed = models.DateField(_("reviewed"), null=True, blank=True)
    expires = models.DateField(_("expires"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["title", "lang", "id"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "external_id", "lang"],
                name="entry_once_in_a_library",
            ),
            models.CheckConstraint(
                condition=Q(is_pointer=False) | ~Q(url=""),
                name="pointer_leads_somewhere",
            ),
        ]
        indexes = [models.Index(fields=["library", "state"], name="entry_in_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_reviewed(self) -> bool:
        """Whether a clinician stands behind this version; readers are told if not."""
        return bool(self.reviewed_by)

    def has_expired(self, on: date) -> bool:
        return self.expires is not None and self.expires <= on

    def is_in_force(self, on: date) -> bool:
        return (
            self.state == EntryState.PUBLISHED
            and not self.has_expired(on)
            and self.library.is_active
        )


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    exclude=["embedding", "embedded_by"],
)
class Passage(models.Model):
    """What is found, shown and cited as one; its former texts stay in the history.

    Attributes:
        library: The entry's, kept here for the constraint.
        citation: The id by which it is cited, kept from where it comes: for our own
            `<topic>/<lang>#<section>`. Once in a library.
        position: Its place in the entry, from 0.
        text: Empty for a pointer's.
        embedding: Of the question it answers, its heading and its entry's title; empty
            until a worker has made it, and again when one of them changes.
        embedded_by: Name and version of the encoder that made it.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(
        Entry,
        on_delete=models.CASCADE,
        related_name="passages",
        verbose_name=_("entry"),
    )
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="+", verbose_name=_("library")
    )
    citation = models.CharField(_("citation"), max_length=300)
    position = models.PositiveIntegerField(_("place"), default=0)
    heading = models.CharField(_("heading"), max_length=500, blank=True)
    qtype = models.CharField(_("kind of question"), max_length=60, blank=True)
    text = models.TextField(_("text"), blank=True)
    embedding = VectorField(dimensions=VECTOR_LENGTH, null=True, editable=False)
    embedded_by = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["entry", "position"]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "citation"], name="citation_once_in_a_library"
            )
        ]
        indexes = [models.Index(fields=["citation"], name="passage_by_citation")]

    def __str__(self) -> str:
        return self.citation


class Decision(models.TextChoices):
    SUBMITTED = "submitted", _("Handed in for review")
    APPROVED = "approved", _("Approved and published")
    RETURNED = "returned", _("Sent back")
    RETIRED = "retired", _("Retired")


class Review(Row):
    """What somebody decided about a version of an entry, and why."""

    entry = models.ForeignKey(
        Entry,
        on_delete=models.CASCADE,
        related_name="reviews",
        verbose_name=_("entry"),
    )
    version = models.PositiveIntegerField(_("version"))
    decision = models.CharField(_("decision"), max_length=16, choices=Decision.choices)
    words = models.TextField(_("words"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(words=""),
                name="sent_back_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.id}"
