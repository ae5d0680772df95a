"""What the hospital says for itself: whom to call, when the desk is open, set phrases."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.models.conversation import Language
from hospital.accounts.models import Department
from hospital.core.models import Row

NUMBER = RegexValidator(
    r"^[+0-9][0-9 ()-]{1,29}$", _("A telephone number has digits, spaces and + ( ) -.")
)


@pghistory.track()
class Guidance(Row):
    """Telephone numbers and words of the hospital; there is one row at most."""

    is_the_one = models.BooleanField(default=True, editable=False, unique=True)
    emergency_number = models.CharField(
        _("emergency number"), max_length=30, default="120", validators=[NUMBER]
    )
    crisis_number = models.CharField(
        _("number for people in a crisis"),
        max_length=30,
        default="12356",
        validators=[NUMBER],
    )
    poison_number = models.CharField(
        _("number for poisoning"), max_length=30, blank=True, validators=[NUMBER]
    )
    police_number = models.CharField(
        _("police"), max_length=30, default="110", validators=[NUMBER]
    )
    out_of_hours_en = models.TextField(_("message out of hours, English"), blank=True)
    out_of_hours_zh = models.TextField(_("message out of hours, Chinese"), blank=True)

    class Meta:
        verbose_name = _("guidance")
        verbose_name_plural = _("guidance")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_the_one=True), name="guidance_is_one_row"
            )
        ]

    def __str__(self) -> str:
        return f"Guidance {self.emergency_number}"


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


@pghistory.track()
class DeskHours(Row):
    """When somebody is at the desk, in the hospital's time; no row at all: always."""

    guidance = models.ForeignKey(
        Guidance, on_delete=models.CASCADE, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = _("desk hours")
        verbose_name_plural = _("desk hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="desk_closes_after_it_opens",
                violation_error_message=_("The desk closes after it opens."),
            )
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.opens}-{self.closes}"


@pghistory.track()
class Phrase(Row):
    """A sentence that staff say often; of one department, or of the whole hospital."""

    department = models.ForeignKey(
        Department,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Empty: every department."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    shortcut = models.SlugField(
        _("shortcut"),
        max_length=32,
        help_text=_("What is typed after a slash to find it, such as hello."),
    )
    text = models.TextField(_("text"), max_length=2000)

    class Meta:
        ordering = ["shortcut", "language"]
        verbose_name = _("set phrase")
        verbose_name_plural = _("set phrases")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "language", "shortcut"],
                nulls_distinct=False,
                name="phrase_shortcut_once",
            )
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut} ({self.language})"
