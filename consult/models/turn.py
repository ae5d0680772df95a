"""What was said in a conversation, by whom, and what each answer stands on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.models.conversation import Conversation
from consult.safety.levels import LEVELS, Level
from hospital.core.models import Row
from hospital.jobs.models import Job


class Author(models.TextChoices):
    PATIENT = "patient", _("Patient")
    BOT = "bot", _("Assistant")
    STAFF = "staff", _("Staff")
    NOTE = "note", _("Note")


class Kind(models.TextChoices):
    """What a turn is: a message, one of the bot's answers, or a note of what happened."""

    MESSAGE = "message", _("Message")
    ANSWER = "answer", _("Answer")
    REPORT = "report", _("Report explained")
    QUESTION = "question", _("Question")
    REFUSAL = "refusal", _("Refusal")
    EMERGENCY = "emergency", _("Emergency")
    ABSTAINED = "abstained", _("No answer found")
    UNAVAILABLE = "unavailable", _("Not available")
    WAITING = "waiting", _("Waiting for a person")
    OUT_OF_HOURS = "out_of_hours", _("Nobody is at the desk now")
    TAKEN = "taken", _("A person has taken over")
    RETURNED = "returned", _("Back with the assistant")
    CLOSED = "closed", _("Closed")


class TurnState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    ANSWERING = "answering", _("Answering")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")
    REPLACED = "replaced", _("Replaced")


OPEN_TURNS = (TurnState.QUEUED, TurnState.ANSWERING)
# Turns that hold the words of somebody's report: no generator reads them, nothing learns.
OF_A_REPORT = Q(kind=Kind.REPORT) | Q(answers__kind=Kind.REPORT)


class Turn(Row):
    """One message, answer or note; numbered from 1 within its conversation.

    Attributes:
        question: The patient's turn that an answer of the bot is for.
        client_id: The sender's own name for it: sent twice it is the same turn.
        spoken: Whether it was dictated.
        urgency: The level of the conversation after it; None for notes.
        outcome: What the rules made of a patient's turn: intent, rules, mood and more.
        card: The card of a danger that the turn told, in the conversation's language.
        answer: Sentences with their passages, refusal, question, suggestions, as shown.
        abstained: Whether the library had nothing that answers.
        corrected_text: What a clinician says the bot should have said.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="turns"
    )
    number = models.PositiveIntegerField(_("number"))
    author = models.CharField(_("author"), max_length=8, choices=Author.choices)
    kind = models.CharField(
        _("kind"), max_length=16, choices=Kind.choices, default=Kind.MESSAGE
    )
    state = models.CharField(
        _("state"), max_length=16, choices=TurnState.choices, default=TurnState.DONE
    )
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("writer"),
    )
    question = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="answers"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("text"), blank=True)
    client_id = models.UUIDField(null=True)
    spoken = models.BooleanField(_("spoken"), default=False)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True)
    outcome = models.JSONField(default=dict)
    card = models.JSONField(null=True)
    answer = models.JSONField(default=dict)
    abstained = models.BooleanField(_("no answer found"), default=False)
    finished = models.DateTimeField(_("finished"), null=True)
    rating = models.SmallIntegerField(_("rating"), null=True)
    rating_words = models.CharField(
        _("words to the rating"), max_length=500, blank=True
    )
    corrected_text = models.TextField(_("correction"), blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("corrected by"),
    )

    class Meta:
        ordering = ["conversation", "number"]
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "number"], name="turn_number_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_id"],
                condition=Q(client_id__isnull=False),
                name="turn_sent_once",
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(author="bot", state__in=("queued", "answering")),
                name="one_answer_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(question__isnull=False) & ~Q(state="replaced"),
                name="one_answer_a_question",
            ),
            models.CheckConstraint(
                condition=Q(author="staff", writer__isnull=False) | ~Q(author="staff"),
                name="staff_turn_has_a_writer",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__in=(1, -1)), name="turn_rating"
            ),
        ]

    def __str__(self) -> str:
        return f"Turn {self.id}"

    @property
    def level(self) -> Level | None:
        return None if self.urgency is None else LEVELS[self.urgency]

    @property
    def is_open(self) -> bool:
        """Whether it is an answer that is still being made."""
        return self.state in OPEN_TURNS
