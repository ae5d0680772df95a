"""Law profiles that the hospital brings in beside those of the product."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row

CONTENT = (
    "code",
    "version",
    "title",
    "title_zh",
    "effective_from",
    "effective_until",
    "sources",
    "clauses",
)


@pghistory.track()
class HouseLaw(Row):
    """One version of a law profile of the hospital's own, which is never changed.

    What differs comes as the next version of the same code, so a roster made under one
    keeps the rules that it was made under.

    Attributes:
        sources, clauses: As the profiles of the product have them, in JSON.
        is_withdrawn: Whether it is offered no more; rosters under it keep it.
    """

    code = models.SlugField(_("code"), max_length=50)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("name"), max_length=200)
    title_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    effective_from = models.DateField(_("in force from"), null=True)
    effective_until = models.DateField(_("in force until"), null=True)
    sources = models.JSONField(_("sources"), default=list)
    clauses = models.JSONField(_("clauses"))
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("brought in by"),
    )

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("law profile")
        verbose_name_plural = _("law profiles")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="law_version_once")
        ]
        triggers = [
            pgtrigger.Protect(
                name="content_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*CONTENT),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The id of this version as a law profile; it stays in the rosters under it."""
        return f"{self.code}.{self.version}"
