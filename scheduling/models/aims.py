"""What a search for a roster aims at besides the problem's own costs."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row
from scheduling.models.roster import Roster


@pghistory.track()
class Aims(Row):
    """A manager's choice for one roster's searches; a roster without it has none.

    Attributes:
        fair_shares: Whether straying from a fair share costs in the next search.
        tier_order: What matters most, then the others; empty where weights decide.
        unpopular: Shifts that people would rather not work.
    """

    roster = models.OneToOneField(
        Roster, on_delete=models.CASCADE, related_name="aims", verbose_name=_("roster")
    )
    fair_shares = models.BooleanField(_("fair shares"), default=False)
    tier_order = models.JSONField(_("order"), default=list, blank=True)
    unpopular = models.JSONField(_("unpopular shifts"), default=list, blank=True)

    class Meta:
        verbose_name = _("aims of a roster's searches")
        verbose_name_plural = _("aims of rosters' searches")

    def __str__(self) -> str:
        return f"Aims {self.id}"
