"""A roster that is worked on: its problem, its people, and who works what."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row


class RosterState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    LOCKED = "locked", _("Closed")


class SourceFormat(models.TextChoices):
    """What the problem was written in; it is kept as `anji` whatever it was."""

    ANJI = "anji", "Anji JSON"
    CURTOIS = "curtois", "Shift scheduling (Curtois)"
    INRC1 = "inrc1", "INRC-I"
    INRC2 = "inrc2", "INRC-II"


@pghistory.track(exclude=["instance"])
class Roster(Row):
    """One ward's roster for one period; `version` counts its changes, as its ETag.

    `instance` is its problem in the `anji` form; `problem_version` counts its changes.

    The cells are the working copy. Staff see `current`, the newest publication, which
    nothing changes; publishing again makes another one.
    """

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="rosters",
        verbose_name=_("department"),
    )
    name = models.CharField(_("name"), max_length=200)
    start = models.DateField(_("first day"))
    days = models.PositiveSmallIntegerField(_("days"))
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    source_format = models.CharField(
        _("written in"), max_length=16, choices=SourceFormat.choices
    )
    instance = models.JSONField()
    problem_version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=RosterState.choices,
        default=RosterState.DRAFT,
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    current = models.OneToOneField(
        "scheduling.Publication",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("publication"),
    )
    swaps_without_manager = models.BooleanField(
        _("swaps that cost nothing need no manager"), default=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering = ["-start", "name"]
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="roster_has_days"),
            models.CheckConstraint(
                condition=Q(state="draft", current__isnull=True)
                | (~Q(state="draft") & Q(current__isnull=False)),
                name="roster_is_a_draft_until_published",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_locked(self) -> bool:
        return self.state == RosterState.LOCKED


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
)
class RosterPerson(Row):
    """Somebody in a roster; `key` is their id in its problem, `user` their account.

    `first_leave` are the days that the problem gave them as leave when it came in: no
    approval that is taken back frees these.
    """

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="people")
    key = models.CharField(_("key"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="roster_places",
        verbose_name=_("account"),
    )
    first_leave = models.JSONField(default=list, editable=False)

    class Meta:
        ordering = ["position"]
        verbose_name = _("person of a roster")
        verbose_name_plural = _("people of rosters")
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "key"], name="roster_person_once"
            ),
            models.UniqueConstraint(
                fields=["roster", "user"], name="roster_account_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
)
class Assignment(Row):
    """Somebody works a shift on a day; a free day has no row."""

    person = models.ForeignKey(
        RosterPerson, on_delete=models.CASCADE, related_name="assignments"
    )
    day = models.PositiveSmallIntegerField(_("day"))
    date = models.DateField(_("date"))
    shift = models.CharField(_("shift"), max_length=64)

    class Meta:
        ordering = ["person__position", "day"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], name="one_shift_a_person_and_day"
            ),
            models.CheckConstraint(condition=~Q(shift=""), name="assignment_is_worked"),
        ]

    def __str__(self) -> str:
        return f"Assignment {self.id}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class CellLock(Row):
    """A cell that neither a search nor a person changes until it is opened again."""

    person = models.ForeignKey(
        RosterPerson, on_delete=models.CASCADE, related_name="locks"
    )
    day = models.PositiveSmallIntegerField(_("day"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("locked by"),
    )

    class Meta:
        verbose_name = _("locked cell")
        verbose_name_plural = _("locked cells")
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="cell_locked_once")
        ]

    def __str__(self) -> str:
        return f"CellLock {self.id}"
