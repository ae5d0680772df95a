"""What the staff ask for, and who of the ward said yes or no."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class Decided(Row):
    """A row on which somebody who makes the ward's rosters decides."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        abstract = True
