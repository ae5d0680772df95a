"""Study, series and instance as DICOM PS3.3 A.1.2 knows them."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row
from hospital.records.models import Encounter, Patient


class Priority(models.TextChoices):
    STAT = "stat", _("Urgent")
    ROUTINE = "routine", _("Routine")


class StudyStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    QUEUED = "queued", _("Waiting for AI")
    READ = "read", _("Read by AI")
    REPORTED = "reported", _("Report drafted")
    SIGNED = "signed", _("Signed")
    FAILED = "failed", _("AI failed")


@pghistory.track()
class Study(Row):
    """One imaging study of one patient, seen by one department."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+"
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="studies"
    )
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="+")
    study_instance_uid = models.CharField(max_length=64, unique=True)
    study_id = models.CharField(max_length=64, blank=True)
    accession_number = models.CharField(
        _("accession number"), max_length=64, blank=True, db_index=True
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    modality = models.CharField(_("modality"), max_length=16, blank=True)
    study_date = models.DateField(_("study date"), null=True)
    study_time = models.CharField(max_length=16, blank=True)
    priority = models.CharField(
        _("priority"),
        max_length=8,
        choices=Priority.choices,
        default=Priority.ROUTINE,
    )
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=StudyStatus.choices,
        default=StudyStatus.RECEIVED,
    )
    status_reason = models.CharField(max_length=300, blank=True)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reader"),
    )
    series_count = models.PositiveIntegerField(default=0)
    instance_count = models.PositiveIntegerField(default=0)
    rank = models.FloatField(_("rank"), default=0.0, db_index=True)
    rank_reason = models.JSONField(default=list)

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        indexes = [
            models.Index(fields=["department", "status", "-created"], name="worklist")
        ]

    def __str__(self) -> str:
        return f"Study {self.id}"


class Series(Row):
    """Images of one study taken together, by one protocol."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="series")
    series_instance_uid = models.CharField(max_length=64, unique=True)
    number = models.IntegerField(_("number"), null=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    modality = models.CharField(_("modality"), max_length=16, blank=True)
    body_part = models.CharField(_("body part"), max_length=64, blank=True)
    kernel = models.CharField(_("kernel"), max_length=64, blank=True)
    instance_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number", "created"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return f"Series {self.id}"


class Instance(Row):
    """One stored object: its bytes lie in the file store under their sha256."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="instances"
    )
    sop_instance_uid = models.CharField(max_length=64, unique=True)
    sop_class_uid = models.CharField(max_length=64, blank=True)
    transfer_syntax_uid = models.CharField(max_length=64, blank=True)
    number = models.IntegerField(_("number"), null=True)
    position_mm = models.FloatField(null=True)  # along the series' normal
    rows = models.PositiveIntegerField(null=True)
    columns = models.PositiveIntegerField(null=True)
    frames = models.PositiveIntegerField(default=0)
    digest = models.CharField(_("sha256"), max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(max_length=64, default="application/dicom")
    attributes = models.JSONField(default=dict)  # DICOM JSON model, no bulk data

    class Meta:
        ordering = ["position_mm", "number", "created"]
        verbose_name = _("instance")
        verbose_name_plural = _("instances")

    def __str__(self) -> str:
        return f"Instance {self.id}"


class QuarantinedFile(Row):
    """A file kept aside: it claims a stored instance's UID with other bytes."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(_("sha256"), max_length=64)
    size_bytes = models.PositiveBigIntegerField(_("size"))
    code = models.CharField(_("code"), max_length=64)
    message = models.CharField(_("message"), max_length=300)
    resolved = models.DateTimeField(_("resolved"), null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("quarantined file")
        verbose_name_plural = _("quarantined files")
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "digest"], name="quarantined_once"
            )
        ]

    def __str__(self) -> str:
        return f"QuarantinedFile {self.id}"
