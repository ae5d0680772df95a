"""Which adapters are in service: a row each time, so that there is a history."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class AdapterTask(models.TextChoices):
    INTENT = "intent", _("What a message is about")
    SENTIMENT = "sentiment", _("How a message sounds")
    GENERATE = "generate", _("How a reply is worded")


class AdapterActivation(Row):
    """An adapter was put into service, or out of it; of a task the newest row counts.

    Attributes:
        name: Empty where the rules, or the bare model, stand alone again.
        is_override: It did not beat what it replaces, and somebody said why all the same.
    """

    task = models.CharField(_("task"), max_length=16, choices=AdapterTask.choices)
    name = models.CharField(_("adapter"), max_length=64, blank=True)
    version = models.CharField(_("version"), max_length=32, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    is_override = models.BooleanField(_("in spite of its figures"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("activated by"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("adapter in service")
        verbose_name_plural = _("adapters in service")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_override=False) | ~Q(reason=""),
                name="adapter_override_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}" if self.name else str(_("none"))
