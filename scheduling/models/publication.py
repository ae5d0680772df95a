"""What the staff were told: a roster as it was published, never changed or deleted."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row
from scheduling.models.roster import Roster, RosterPerson


class Publication(Row):
    """One publishing of a roster; `number` counts them, `version` is what it showed."""

    roster = models.ForeignKey(
        Roster, on_delete=models.PROTECT, related_name="publications"
    )
    number = models.PositiveIntegerField(_("number"))
    version = models.PositiveIntegerField(_("version"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    objective = models.BigIntegerField(_("cost"))
    hard_violations = models.PositiveIntegerField(_("broken rules"), default=0)
    changed_cells = models.PositiveIntegerField(_("changed cells"), default=0)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "number"], name="publication_number_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"Publication {self.id}"


class PublishedShift(models.Model):
    """A shift of a publication, with its hours where the problem tells them."""

    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, related_name="shifts"
    )
    person = models.ForeignKey(
        RosterPerson, on_delete=models.PROTECT, related_name="published_shifts"
    )
    day = models.PositiveSmallIntegerField(_("day"))
    date = models.DateField(_("date"), db_index=True)
    shift = models.CharField(_("shift"), max_length=64)
    starts = models.DateTimeField(_("starts"), null=True)
    ends = models.DateTimeField(_("ends"), null=True)

    class Meta:
        ordering = ["person__position", "day"]
        verbose_name = _("published shift")
        verbose_name_plural = _("published shifts")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "person", "day"], name="published_shift_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"PublishedShift {self.pk}"
