"""Two colleagues change shifts of a published roster between them."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduling.models.decided import Decided
from scheduling.models.publication import Publication
from scheduling.models.roster import Roster, RosterPerson


class SwapState(models.TextChoices):
    OFFERED = "offered", _("Waiting for the colleague")
    ACCEPTED = "accepted", _("Waiting for the ward")
    DONE = "done", _("Swapped")
    DECLINED = "declined", _("Declined by the colleague")
    REFUSED = "refused", _("Refused by the ward")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("No longer possible")


class Stale(models.TextChoices):
    """Why a swap was closed by itself; kept as its reason."""

    CHANGED = "changed", _("One of the shifts was changed meanwhile.")
    BEGUN = "begun", _("One of the shifts has begun.")
    LEFT = "left", _("One of the two is no longer in the roster.")
    FIXED = "fixed", _("One of the days is fixed by now, or one of the two on leave.")
    ENDED = "ended", _("The roster is closed.")
    RULES = "rules", _("It would break a rule by now.")


OPEN_SWAPS = (SwapState.OFFERED, SwapState.ACCEPTED)


@pghistory.track()
class Swap(Decided):
    """One gives a shift away, for a shift of the other's or for nothing.

    Attributes:
        back_day, back_shift: What the giver works instead; None and "" for nothing.
        cost_change: How much dearer the roster becomes, as judged last.
        publication: The one that told it; None until it is done.
    """

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="swaps")
    giver = models.ForeignKey(
        RosterPerson, on_delete=models.CASCADE, related_name="swaps_offered"
    )
    taker = models.ForeignKey(
        RosterPerson, on_delete=models.CASCADE, related_name="swaps_asked"
    )
    day = models.PositiveSmallIntegerField(_("day"))
    shift = models.CharField(_("shift"), max_length=64)
    back_day = models.PositiveSmallIntegerField(_("day in return"), null=True)
    back_shift = models.CharField(_("shift in return"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=SwapState.choices,
        default=SwapState.OFFERED,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    cost_change = models.BigIntegerField(_("change of cost"), default=0)
    publication = models.ForeignKey(
        Publication,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("publication"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "day"],
                condition=Q(state__in=("offered", "accepted")),
                name="one_open_swap_a_shift",
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("taker")), name="swap_is_between_two"
            ),
            models.CheckConstraint(
                condition=Q(back_day__isnull=True, back_shift="")
                | (Q(back_day__isnull=False) & ~Q(back_shift="")),
                name="swap_names_what_comes_back",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(publication__isnull=False),
                name="swap_is_done_by_a_publication",
            ),
        ]

    def __str__(self) -> str:
        return f"Swap {self.id}"

    @property
    def reason_told(self) -> str:
        """Why it was refused or closed, in the reader's language where that is ours."""
        if self.state == SwapState.CLOSED and self.reason in Stale.values:
            return str(Stale(self.reason).label)
        return self.reason
