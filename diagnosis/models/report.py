"""The radiologist's report: drafted, signed once, amended only by addendum."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.models.finding import Finding
from diagnosis.models.study import Study
from hospital.core.models import Row
from hospital.records.models import DiagnosticReport


@pghistory.track()
class Report(Row):
    """The report of one study; `version` counts the edits and is its ETag.

    `assistance` is what AI had said when the report was signed, model by model; it
    stays as it was, whatever another model says of the study later.
    """

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="report")
    version = models.PositiveIntegerField(default=1)
    technique = models.TextField(_("technique"), blank=True)
    findings = models.TextField(_("findings"), blank=True)
    impression = models.TextField(_("impression"), blank=True)
    language = models.CharField(_("language"), max_length=16, default="en")
    assistance = models.JSONField(_("AI assistance"), default=list, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed = models.DateTimeField(_("signed"), null=True)
    record = models.OneToOneField(
        DiagnosticReport, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed__isnull=True, signed_by__isnull=True)
                | Q(signed__isnull=False, signed_by__isnull=False),
                name="report_signed_by_somebody",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Report {self.id}"

    @property
    def is_signed(self) -> bool:
        return self.signed is not None


@pghistory.track()
class ReportAddendum(Row):
    """What was added to a signed report, signed on its own."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField(_("text"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["created"]
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"ReportAddendum {self.id}"


@pghistory.track()
class CriticalResult(Row):
    """A result that somebody must be told of at once, and who said they were."""

    study = models.ForeignKey(
        Study, on_delete=models.PROTECT, related_name="critical_results"
    )
    finding = models.OneToOneField(
        Finding, null=True, on_delete=models.PROTECT, related_name="critical_result"
    )
    reason = models.CharField(_("reason"), max_length=300)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged = models.DateTimeField(_("acknowledged"), null=True)
    note = models.CharField(_("whom I told, and how"), max_length=500, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("critical result")
        verbose_name_plural = _("critical results")
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged__isnull=True, acknowledged_by__isnull=True)
                | (
                    Q(acknowledged__isnull=False, acknowledged_by__isnull=False)
                    & ~Q(note="")
                ),
                name="acknowledgement_says_who_and_how",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="acknowledged_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__acknowledged__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"CriticalResult {self.id}"

    @property
    def is_acknowledged(self) -> bool:
        return self.acknowledged is not None
