"""Long work as rows: Celery only carries the message."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row
from hospital.core.registry import registry


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job's work, and how long it took or has taken so far."""

    title: str
    seconds: float
    is_ended: bool


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ENDED_STATES = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Job(Row):
    """One piece of long work, claimed by one worker at a time.

    A claim sets `token` and `lease_until`; only the holder of the token may finish the
    job, so a worker that lost its lease changes nothing. The message in the broker is a
    hint that it waits: `next_hint` is when the reaper says it again.
    """

    kind = models.CharField(_("kind"), max_length=64)
    key = models.CharField(_("key"), max_length=200)
    queue = models.CharField(_("queue"), max_length=32, default="default")
    state = models.CharField(
        _("state"), max_length=16, choices=JobState.choices, default=JobState.QUEUED
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.CharField(_("subject"), max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    error = models.TextField(_("error"), blank=True)
    error_code = models.CharField(max_length=64, blank=True)
    progress = models.FloatField(_("progress"), default=0.0)
    message = models.CharField(_("message"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    run_after = models.DateTimeField(null=True)
    cancel_requested = models.DateTimeField(null=True)
    steps = models.JSONField(default=list)  # [{"title", "started", "finished"}]
    hints = models.PositiveSmallIntegerField(default=0)
    next_hint = models.DateTimeField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)
    started = models.DateTimeField(_("started"), null=True)
    finished = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=~Q(state__in=["failed", "cancelled"]),
                name="job_key_once",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0.0) & Q(progress__lte=1.0),
                name="job_progress_in_unit_interval",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "run_after", "lease_until"],
                condition=Q(state__in=["queued", "running"]),
                name="job_open",
            ),
            models.Index(fields=["subject_id"], name="job_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def title(self) -> str | Promise:
        """What the job does, in the words that its kind was registered with."""
        known = registry.job_kinds.get(self.kind)
        return known.title if known else self.kind

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED_STATES

    @property
    def may_be_retried(self) -> bool:
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    @property
    def timed_steps(self) -> Iterator[Step]:
        """The steps of the work so far, each with its duration."""
        for step in self.steps:
            begun = datetime.fromisoformat(step["started"])
            ended = step["finished"] and datetime.fromisoformat(step["finished"])
            last = ended or self.finished or timezone.now()
            yield Step(step["title"], (last - begun).total_seconds(), bool(ended))
