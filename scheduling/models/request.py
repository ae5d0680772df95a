"""What the staff would like of a roster before it is made, within a budget of points."""

from datetime import date

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row
from scheduling.models.decided import Decided
from scheduling.models.roster import Roster, RosterPerson, RosterState

MOST_POINTS = 3  # of one request; one point is its least


class RequestState(models.TextChoices):
    ASKED = "asked", _("Waiting for the ward")
    ACCEPTED = "accepted", _("Taken into the roster's problem")
    DECLINED = "declined", _("Declined")


class Wish(models.TextChoices):
    """Rather not work that day, or rather work one shift then."""

    OFF = "off", _("Rather off")
    ON = "on", _("Rather this shift")


@pghistory.track()
class RequestPeriod(Row):
    """A draft is open for requests until a day; `budget` is each person's points."""

    roster = models.OneToOneField(
        Roster, on_delete=models.CASCADE, related_name="request_period"
    )
    closes = models.DateField(_("open until"))
    budget = models.PositiveSmallIntegerField(_("points a person"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )

    class Meta:
        verbose_name = _("request period")
        verbose_name_plural = _("request periods")
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__gte=1), name="request_period_has_points"
            )
        ]

    def __str__(self) -> str:
        return f"RequestPeriod {self.id}"

    def is_open_on(self, day: date) -> bool:
        """Whether requests are taken that day; a published roster takes none."""
        return self.roster.state == RosterState.DRAFT and day <= self.closes


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
)
class ShiftRequest(Decided):
    """Somebody's wish for one day; `points` say how much it matters to them."""

    person = models.ForeignKey(
        RosterPerson, on_delete=models.CASCADE, related_name="requests"
    )
    day = models.PositiveSmallIntegerField(_("day"))
    date = models.DateField(_("date"))
    wish = models.CharField(_("wish"), max_length=8, choices=Wish.choices)
    shift = models.CharField(_("shift"), max_length=64, blank=True)
    points = models.PositiveSmallIntegerField(
        _("points"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)],
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=RequestState.choices,
        default=RequestState.ASKED,
    )

    class Meta:
        ordering = ["person__position", "day"]
        verbose_name = _("shift request")
        verbose_name_plural = _("shift requests")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], name="one_request_a_person_and_day"
            ),
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=MOST_POINTS),
                name="request_has_points",
            ),
            models.CheckConstraint(
                condition=Q(wish="off", shift="") | (Q(wish="on") & ~Q(shift="")),
                name="request_names_its_shift",
            ),
        ]

    def __str__(self) -> str:
        return f"ShiftRequest {self.id}"
