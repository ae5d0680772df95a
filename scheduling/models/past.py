"""What a department's past rosters suggest, and what of it somebody accepted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row
from scheduling.models.roster import Roster


class PastSource(models.TextChoices):
    """Where past rosters came from."""

    FILE = "file", _("A file")
    PUBLISHED = "published", _("Published rosters")


class PastRosters(Row):
    """Proposals from past rosters; whose shifts they were is not kept.

    Attributes:
        cells: How many days of people the proposals rest on.
        proposals: `cover`, `absences` and `swaps`, each a list with its evidence.
    """

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="past_rosters",
        verbose_name=_("department"),
    )
    source = models.CharField(_("source"), max_length=16, choices=PastSource.choices)
    name = models.CharField(_("name"), max_length=200)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    cells = models.PositiveIntegerField(_("days of people"))
    proposals = models.JSONField(default=dict)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("learned by"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("past rosters")
        verbose_name_plural = _("past rosters")

    def __str__(self) -> str:
        return self.name


class Acceptance(Row):
    """Somebody took proposals into a roster, and maybe out again.

    Attributes:
        proposals: The rows of `PastRosters.proposals`, each with its `kind`.
        changes: What became of the numbers of demands: `day`, `shifts`, `was`, `now`.
        undone: When they were taken out again.
    """

    past = models.ForeignKey(
        PastRosters, on_delete=models.PROTECT, related_name="acceptances"
    )
    roster = models.ForeignKey(
        Roster, on_delete=models.CASCADE, related_name="acceptances"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    problem_version = models.PositiveIntegerField(_("version of the problem"))
    proposals = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    undone = models.DateTimeField(_("taken back"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("accepted proposals")
        verbose_name_plural = _("accepted proposals")

    def __str__(self) -> str:
        return f"Acceptance {self.id}"
