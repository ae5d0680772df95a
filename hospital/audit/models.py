"""Who opened what: rows that are only ever added."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class Access(Row):
    """One opening of a record: who, what, which, from where, in which request.

    Changes are kept by triggers (django-pghistory); this keeps the reads.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    client_id = models.CharField(_("API client"), max_length=200, blank=True)
    action = models.CharField(_("action"), max_length=32)
    record_type = models.CharField(_("record type"), max_length=64)
    record_id = models.CharField(_("record"), max_length=64)
    rows = models.PositiveIntegerField(_("rows"), null=True)  # of a list that was shown
    patient_id = models.UUIDField(_("patient"), null=True, db_index=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.record_type} {self.record_id}"
