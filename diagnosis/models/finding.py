"""What a model said of a series, and what a clinician said of that."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.models.study import Instance, Series, Study
from hospital.core.models import Row


class Finding(Row):
    """One model's answer for one series: it keeps the model that made it.

    Attributes:
        positive_probability: Of the model's positive label, whatever the label is.
        unlikeness: How far the images lie from those the model learned from; from 1 on
            it gives no answer. None for a model that has no such measure.
        possible_labels: Those that cannot be ruled out, likeliest first; the true one is
            among them for the share `coverage` of patients. Empty where that is not known.
        metal: Counts of slices `read`, with metal, and for it `left_out`; None without.
        slices_read: More than one is a series; None of a reading from before it was kept.
        calibrated_on: How many images, or series, the model's probability for such a
            reading was calibrated on; None where it was not, or does not say.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="findings")
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="findings"
    )
    key_instance = models.ForeignKey(
        Instance, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    key_frame = models.PositiveIntegerField(default=1)
    job_id = models.UUIDField(null=True)
    model_name = models.CharField(_("model"), max_length=64)
    model_version = models.CharField(_("version"), max_length=32)
    model_digest = models.CharField(_("digest"), max_length=64)
    content_digest = models.CharField(max_length=64)  # of the series that was read
    label = models.CharField(_("label"), max_length=64, blank=True)
    is_positive = models.BooleanField(default=False)
    probability = models.FloatField(_("probability"), null=True)
    probabilities = models.JSONField(default=dict)
    positive_probability = models.FloatField(null=True)
    unlikeness = models.FloatField(null=True)
    possible_labels = models.JSONField(default=list)
    coverage = models.FloatField(null=True)
    metal = models.JSONField(null=True)
    slices_read = models.PositiveIntegerField(null=True)
    calibrated = models.BooleanField(_("calibrated"), default=False)
    calibrated_on = models.PositiveIntegerField(null=True)
    abstained = models.BooleanField(_("abstained"), default=False)
    reason_code = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    saliency_digest = models.CharField(max_length=64, blank=True)
    elapsed_ms = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "model_digest", "content_digest"],
                name="finding_once_a_model_and_content",
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True)
                | (Q(probability__gte=0.0) & Q(probability__lte=1.0)),
                name="finding_probability_in_unit_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"Finding {self.id}"


class VerdictKind(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    CORRECTED = "corrected", _("Corrected")
    REJECTED = "rejected", _("Rejected")


@pghistory.track()
class Verdict(Row):
    """A clinician's judgement of a finding; the newest of a finding counts."""

    finding = models.ForeignKey(
        Finding, on_delete=models.CASCADE, related_name="verdicts"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    verdict = models.CharField(_("verdict"), max_length=16, choices=VerdictKind.choices)
    label = models.CharField(_("label"), max_length=64, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="corrected") | ~Q(label=""),
                name="correction_names_a_label",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Verdict {self.id}"
