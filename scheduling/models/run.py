"""One search for a roster: what it was allowed, how it went, what it found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hospital.core.models import Row
from hospital.jobs.models import Job
from scheduling.models.roster import Roster


class RunStatus(models.TextChoices):
    """What is known of what it found; empty until it found or proved something."""

    OPTIMAL = "optimal", _("Optimal")
    FEASIBLE = "feasible", _("Feasible")
    INFEASIBLE = "infeasible", _("Impossible")
    UNKNOWN = "unknown", pgettext_lazy("search", "Nothing found")


class Run(Row):
    """A search by one job; its best roster so far is kept while it goes on.

    Attributes:
        version: The roster's version from which it began.
        curve: `[elapsed_s, objective, bound]` each time one of them got better.
        cells: The best roster: by person key, a shift or "" for each day.
        spent_s: Seconds searched, over all attempts of the job.
        applied: When its roster became the working copy.
        replaced: What the working copy was before, as `cells`; null where nothing can be
            taken back.
    """

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="runs")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    version = models.PositiveIntegerField(_("version"))
    time_limit_s = models.FloatField(_("time limit"))
    workers = models.PositiveSmallIntegerField(_("workers"))
    seed = models.PositiveIntegerField(_("seed"), default=0)
    status = models.CharField(
        _("status"), max_length=16, choices=RunStatus.choices, blank=True
    )
    objective = models.BigIntegerField(_("cost"), null=True)
    bound = models.FloatField(_("bound"), null=True)
    gap = models.FloatField(_("gap"), null=True)
    first_feasible_s = models.FloatField(_("first roster after"), null=True)
    spent_s = models.FloatField(_("time spent"), default=0.0)
    curve = models.JSONField(default=list)
    cells = models.JSONField(default=dict)
    penalties = models.JSONField(default=dict)
    hard_violations = models.PositiveIntegerField(_("broken rules"), null=True)
    applied = models.DateTimeField(_("taken over"), null=True)
    replaced = models.JSONField(null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.CheckConstraint(
                condition=Q(time_limit_s__gt=0), name="run_has_time"
            ),
            models.CheckConstraint(condition=Q(workers__gte=1), name="run_has_workers"),
        ]

    def __str__(self) -> str:
        return f"Run {self.id}"
