"""Which model of the store reads studies: a row, so that there is a history."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class ModelActivation(Row):
    """A model was put into service; the newest row is the one in service."""

    name = models.CharField(_("model"), max_length=64)
    version = models.CharField(_("version"), max_length=32)
    digest = models.CharField(_("digest"), max_length=64)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["-created"]
        get_latest_by = "created"
        verbose_name = _("model activation")
        verbose_name_plural = _("model activations")

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"
