"""What a person is told: a kind and its values, never a sentence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from hospital.core.models import Row
from hospital.core.registry import registry


class Notice(Row):
    """One thing that one person should know; its words are made when it is shown.

    Attributes:
        values: What the kind's words need: ids, figures, names of wards and rosters.
        link: Where it leads on this platform, a path; empty where nowhere.
        subject_id: The row that it is about.
        read: When the person read it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=64)
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    read = models.DateTimeField(null=True)

    class Meta:
        ordering = [models.F("read").desc(nulls_first=True), "-created", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(link="") | Q(link__regex="^/[^/]"),
                name="notice_leads_nowhere_else",
            )
        ]
        indexes = [
            models.Index(fields=["user", "-created"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def words(self) -> str:
        """What it says, in the reader's language.

        A notice may be older than what its kind says today: then it says less.
        """
        known = registry.notice_kinds.get(self.kind)
        try:
            return known.words(self.values) if known else _("There is news for you.")
        except (LookupError, TypeError, ValueError):
            return _("There is news for you.")

    @property
    def icon(self) -> str:
        known = registry.notice_kinds.get(self.kind)
        return known.icon if known else "bell"
