"""A new version of the model in service, from signed reports to a person's decision."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class ModelRenewal(Row):
    """One line of steps, each a job about this row; the last is a person's.

    Attributes:
        digest: Of the version that was trained; empty before that.
    """

    name = models.CharField(_("model"), max_length=64)
    version = models.CharField(_("version"), max_length=32)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("model renewal")
        verbose_name_plural = _("model renewals")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="renewal_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"
