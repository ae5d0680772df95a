"""The days on which the hospital's rosters count a public holiday."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


@pghistory.track()
class PublicHoliday(Row):
    """A public holiday, entered once for the whole hospital."""

    date = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["date"]
        verbose_name = _("public holiday")
        verbose_name_plural = _("public holidays")

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
