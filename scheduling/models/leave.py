"""Somebody is away from one day to another, once their ward agrees."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from scheduling.models.decided import Decided
from scheduling.models.roster import Roster


class LeaveKind(models.TextChoices):
    ANNUAL = "annual", _("Annual leave")
    TRAINING = "training", _("Training")
    SICK = "sick", _("Sick leave")
    OTHER = "other", _("Other leave")


class LeaveState(models.TextChoices):
    ASKED = "asked", _("Waiting for the ward")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class Leave(Decided):
    """Leave of an account, in whichever rosters; `department` is the ward that decides."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="leaves",
        verbose_name=_("account"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="leaves",
        verbose_name=_("department"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=LeaveKind.choices)
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=LeaveState.choices,
        default=LeaveState.ASKED,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-first", "-created"]
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="leave_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"Leave {self.id}"

    def days_in(self, roster: Roster) -> range:
        """Return the roster's days that it takes."""
        first = max((self.first - roster.start).days, 0)
        return range(first, min((self.last - roster.start).days + 1, roster.days))
