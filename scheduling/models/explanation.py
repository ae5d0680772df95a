"""Why a roster keeps no hard rules, or that it could: the answer of one job."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row
from hospital.jobs.models import Job
from scheduling.models.roster import Roster


class ExplanationStatus(models.TextChoices):
    """Whether a roster can keep every hard rule; empty until that is known."""

    FEASIBLE = "feasible", _("Possible")
    INFEASIBLE = "infeasible", _("Impossible")
    UNKNOWN = "unknown", _("Not known")


class Explanation(Row):
    """What stands against a legal roster of one version of a problem.

    Attributes:
        problem_version: Of which version of the problem it speaks.
        answer: `findings`, `conflicts` and `repairs` as `explaining.child` writes them;
            their sentences are kept apart from their values, for any reader's language.
    """

    roster = models.ForeignKey(
        Roster, on_delete=models.CASCADE, related_name="explanations"
    )
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    problem_version = models.PositiveIntegerField(_("version of the problem"))
    status = models.CharField(
        _("status"), max_length=16, choices=ExplanationStatus.choices, blank=True
    )
    answer = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")

    def __str__(self) -> str:
        return f"Explanation {self.id}"
