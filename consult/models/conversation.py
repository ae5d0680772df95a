"""A patient's talk with the hospital: whose it is, how urgent, and who answers now."""

from datetime import datetime, timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.safety.levels import LEVELS, Level
from consult.triage.acuity import acuity_of
from hospital.accounts.models import Department
from hospital.core.models import Row
from hospital.records.models import Encounter, Patient


class Language(models.TextChoices):
    """The languages a conversation is held in; each names itself."""

    ENGLISH = "en", "English"
    CHINESE = "zh", "中文"


class State(models.TextChoices):
    """Who answers: the bot, the bot while somebody is awaited, a human, nobody."""

    BOT = "bot", _("Answered by the assistant")
    WAITING = "waiting", _("Waiting for a person")
    HUMAN = "human", _("With a person")
    CLOSED = "closed", _("Closed")


# Every move there is; the database refuses any other.
MOVES = (
    ("bot", "waiting"),
    ("waiting", "bot"),
    ("waiting", "human"),
    ("human", "waiting"),
    ("human", "bot"),
    ("bot", "closed"),
    ("waiting", "closed"),
    ("human", "closed"),
)


class Reason(models.TextChoices):
    """Why somebody of the hospital should take over."""

    ASKED = "asked", _("Asked for a person")
    CRISIS = "crisis", _("Crisis")
    EMERGENCY = "emergency", _("Emergency without an answer")
    FAILED = "failed", _("The assistant found no answer twice")
    DISTRESS = "distress", _("Strong distress")


class Mood(models.TextChoices):
    """How the person sounds; it routes a conversation and decides nothing else."""

    CALM = "calm", _("Calm")
    WORRIED = "worried", _("Worried")
    ANGRY = "angry", _("Angry")
    DISTRESSED = "distressed", _("Distressed")


# Among people of one acuity, who is upset counts as called so many minutes before: enough to
# come before who was called with them, too little to keep calm people waiting for long.
SOONER_MINUTES = {Mood.ANGRY: 5, Mood.DISTRESSED: 10}


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(
        condition=pgtrigger.AnyChange(
            *("state", "taken_by", "department", "urgency", "is_immediate"),
            *("patient", "may_teach"),
        )
    ),
    pghistory.DeleteEvent(),
    fields=[
        *("owner", "patient", "urgency", "is_immediate", "is_crisis", "department"),
        *("state", "handover_reason", "taken_by", "may_teach"),
    ],
    model_name="ConversationEvent",
)
class Conversation(Row):
    """One talk of one person, with an account or without.

    Attributes:
        owner: The account it belongs to; None for a stranger.
        key_digest: Digest of the secret that a stranger's browser keeps.
        urgency: The place of its level in `LEVELS`; it only ever rises.
        is_immediate: Whether a life was in danger: acuity 1; it stays so.
        department_codes: Where it belongs by the rules, at most three.
        department: The hospital's own department whose staff it waits for; None: all.
        interview: The state of the interview before the visit, as JSON.
        angry_turns: Messages in a row that sounded angry.
        failures: Answers in a row that found nothing.
        emergency_since: When the newest emergency card was shown.
        acknowledged: When the person said that they saw and followed it, or the staff
            who had dealt with it handed the talk back.
        last_number: The number of its newest turn.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        verbose_name=_("account"),
    )
    key_digest = models.CharField(
        max_length=64, blank=True, editable=False, db_index=True
    )
    patient = models.ForeignKey(
        Patient,
        null=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        verbose_name=_("patient"),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    title = models.CharField(_("title"), max_length=80, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), default=0)
    is_immediate = models.BooleanField(_("life in danger"), default=False)
    is_crisis = models.BooleanField(_("crisis"), default=False)
    mood = models.CharField(
        _("mood"), max_length=16, choices=Mood.choices, default=Mood.CALM
    )
    angry_turns = models.PositiveSmallIntegerField(default=0)
    department_codes = models.JSONField(default=list)
    department = models.ForeignKey(
        Department,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    interview = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.BOT
    )
    handover_reason = models.CharField(
        _("reason"), max_length=16, choices=Reason.choices, blank=True
    )
    waiting_since = models.DateTimeField(_("waiting since"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken by"),
    )
    closed = models.DateTimeField(_("closed"), null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    emergency_since = models.DateTimeField(null=True)
    acknowledged = models.DateTimeField(null=True)
    may_teach = models.BooleanField(_("may be learned from"), default=False)
    rating = models.SmallIntegerField(_("rating"), null=True)
    last_number = models.PositiveIntegerField(default=0)
    encounter = models.ForeignKey(
        Encounter,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("encounter"),
    )

    class Meta:
        ordering = ["-updated", "id"]
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, key_digest="")
                | Q(owner__isnull=True) & ~Q(key_digest=""),
                name="conversation_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", waiting_since__isnull=False)
                | ~Q(state="waiting") & Q(waiting_since__isnull=True),
                name="conversation_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(state="human", taken_by__isnull=False)
                | Q(state__in=("bot", "waiting"), taken_by__isnull=True)
                | Q(state="closed"),
                name="conversation_is_with_one_person",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed__isnull=False)
                | ~Q(state="closed") & Q(closed__isnull=True),
                name="conversation_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(urgency__lt=len(LEVELS)), name="conversation_urgency"
            ),
            models.CheckConstraint(
                condition=Q(is_immediate=False) | Q(urgency=len(LEVELS) - 1),
                name="conversation_immediate_is_an_emergency",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__in=(1, -1)),
                name="conversation_rating",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "-urgency", "waiting_since"],
                condition=Q(state__in=("waiting", "human")),
                name="conversation_desk",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="state_moves", field="state", transitions=[*MOVES]),
            pgtrigger.Protect(
                name="level_never_falls",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__urgency__lt=pgtrigger.F("old__urgency"))
                | pgtrigger.Q(old__is_immediate=True, new__is_immediate=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Conversation {self.id}"

    @property
    def level(self) -> Level:
        return LEVELS[self.urgency]

    @property
    def acuity(self) -> int:
        """From 1, a life in danger now, to 5."""
        return acuity_of(self.level, is_immediate=self.is_immediate)

    @property
    def sooner_minutes(self) -> int:
        """How many minutes sooner it comes than a calm talk that was called with it."""
        return SOONER_MINUTES.get(Mood(self.mood), 0)

    @property
    def counts_from(self) -> datetime | None:
        """Since when it counts as waiting; None where it does not wait."""
        if self.waiting_since is None:
            return None
        return self.waiting_since - timedelta(minutes=self.sooner_minutes)

    @property
    def topic(self) -> str:
        """Where its events are told."""
        return f"conversation:{self.id}"

    @property
    def is_with_bot(self) -> bool:
        """Whether the bot answers; it goes on while somebody is awaited."""
        return self.state in (State.BOT, State.WAITING)
