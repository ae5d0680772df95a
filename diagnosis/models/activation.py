"""Which model of the store reads studies, which runs beside it, and on what grounds."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.models.finding import Finding
from hospital.core.models import Row


class ModelActivation(Row):
    """A model was put into service; the newest row is the one in service.

    Attributes:
        gate: How each condition of the model's gate stood then, as `gate.Outcome` says.
        is_override: A condition did not hold, and somebody said in the note why it
            should serve all the same.
    """

    name = models.CharField(_("model"), max_length=64)
    version = models.CharField(_("version"), max_length=32)
    digest = models.CharField(_("digest"), max_length=64)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    gate = models.JSONField(_("gate"), default=list)
    is_override = models.BooleanField(_("in spite of its gate"), default=False)

    class Meta:
        ordering = ["-created"]
        get_latest_by = "created"
        verbose_name = _("model activation")
        verbose_name_plural = _("model activations")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_override=False) | ~Q(note=""),
                name="model_override_says_why",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class ModelEvaluation(Row):
    """A model was measured on labelled images, beside another where there was one.

    Attributes:
        data: What it was measured on, in words; `data_digest` is of the manifest.
        figures: As `evaluate_ct` answers.
        comparison: Its AUROC less the other's on the same images, as
            `compare.Difference`; empty without another model.
    """

    name = models.CharField(_("model"), max_length=64)
    version = models.CharField(_("version"), max_length=32)
    digest = models.CharField(_("digest"), max_length=64)
    against = models.CharField(_("compared with"), max_length=97, blank=True)
    against_digest = models.CharField(max_length=64, blank=True)
    data = models.CharField(_("data"), max_length=200)
    data_digest = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    comparison = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("model evaluation")
        verbose_name_plural = _("model evaluations")
        indexes = [models.Index(fields=["digest", "-created"], name="evaluation_of")]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class ShadowRun(Row):
    """A candidate reads beside the model in service, and nobody is shown its answers."""

    name = models.CharField(_("model"), max_length=64)
    version = models.CharField(_("version"), max_length=32)
    digest = models.CharField(_("digest"), max_length=64)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("shadow run")
        verbose_name_plural = _("shadow runs")
        constraints = [
            models.UniqueConstraint(
                fields=["ended"],
                condition=Q(ended=None),
                nulls_distinct=False,
                name="one_shadow_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class ShadowAnswer(Row):
    """What a candidate said of a series that a finding is about."""

    shadow = models.ForeignKey(
        ShadowRun, on_delete=models.CASCADE, related_name="answers"
    )
    finding = models.ForeignKey(
        Finding, on_delete=models.CASCADE, related_name="shadows"
    )
    label = models.CharField(_("label"), max_length=64)
    positive_probability = models.FloatField()
    abstained = models.BooleanField(_("abstained"), default=False)
    reason_code = models.CharField(max_length=64, blank=True)
    unlikeness = models.FloatField(null=True)
    elapsed_ms = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("shadow answer")
        verbose_name_plural = _("shadow answers")
        constraints = [
            models.UniqueConstraint(
                fields=["shadow", "finding"], name="shadow_answers_once"
            )
        ]

    def __str__(self) -> str:
        return f"ShadowAnswer {self.id}"
