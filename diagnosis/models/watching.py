"""What is watched of the model in service, and what was found to be out of bounds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.watched import Watched
from hospital.core.models import Row


class AlertRule(Row):
    """A bound on a figure; people are told when the figure is surely beyond it.

    Surely: the whole interval that chance leaves the figure lies beyond the threshold.
    """

    watched = models.CharField(_("figure"), max_length=16, choices=Watched.choices)
    is_upper = models.BooleanField(_("no more than"), default=True)
    threshold = models.FloatField(_("threshold"))
    days = models.PositiveSmallIntegerField(_("days"), default=30)
    least = models.PositiveIntegerField(_("readings at least"), default=20)
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        ordering = ["watched", "is_upper"]
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        constraints = [
            models.UniqueConstraint(
                fields=["watched", "is_upper"], name="alert_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=365, least__gte=1),
                name="alert_rule_within_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_watched_display())


class Alert(Row):
    """A rule was found broken; it stays open until the figure is back within bounds.

    Attributes:
        source: Code of the department whose studies it is about; empty for all.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts")
    model_name = models.CharField(_("model"), max_length=64)
    model_version = models.CharField(_("version"), max_length=32)
    source = models.CharField(_("source"), max_length=64, blank=True)
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    n = models.PositiveIntegerField()
    closed = models.DateTimeField(_("closed"), null=True)

    class Meta:
        ordering = [models.F("closed").desc(nulls_first=True), "-created"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "source"],
                condition=Q(closed=None),
                name="alert_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"Alert {self.id}"

    @property
    def model(self) -> str:
        return f"{self.model_name}/{self.model_version}"
