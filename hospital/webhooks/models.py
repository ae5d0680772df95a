"""Where other systems want to hear of something, and what was sent to them."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row


class DisabledReason(models.TextChoices):
    BY_HAND = "by_hand", _("Switched off by hand")
    GONE = "gone", _("Its server said that it is gone (410)")
    FAILING = "failing", _("It failed for days")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["secret", "old_secret", "failing_since"],
)
class WebhookEndpoint(Row):
    """An address that hears of events; its secret is kept, for it signs each message.

    Attributes:
        department: Whose events it hears; all that its owner belongs to where empty.
        old_secret: It signs beside the new one until `old_secret_until`.
        failing_since: When the first of an unbroken row of failures was.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="webhooks",
        verbose_name=_("made by"),
    )
    department = models.ForeignKey(
        Department,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Empty: every department that who made it belongs to."),
    )
    url = models.CharField(_("address"), max_length=500)
    description = models.CharField(_("what for"), max_length=200, blank=True)
    event_types = ArrayField(
        models.CharField(max_length=64), verbose_name=_("events it hears of")
    )
    secret = models.CharField(max_length=100, editable=False)
    old_secret = models.CharField(max_length=100, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    disabled = models.DateTimeField(_("switched off"), null=True, editable=False)
    disabled_reason = models.CharField(
        _("why"),
        max_length=16,
        choices=DisabledReason.choices,
        blank=True,
        editable=False,
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled=None, disabled_reason="")
                | (Q(disabled__isnull=False) & ~Q(disabled_reason="")),
                name="webhook_is_disabled_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_enabled(self) -> bool:
        return self.disabled is None


class DeliveryState(models.TextChoices):
    WAITING = "queued", _("Queued")
    DELIVERED = "succeeded", _("Delivered")
    FAILED = "failed", _("Failed")


class DeliveryError(models.TextChoices):
    """Why the last attempt came to nothing."""

    STATUS = "status", _("The server refused it")
    REFUSED = "address_refused", _("Nothing may be sent to this address")
    UNREACHABLE = "unreachable", _("Nobody answered in time")
    DISABLED = "disabled", _("The webhook is switched off")


class WebhookDelivery(Row):
    """One message to one endpoint: what was sent, and what came of it.

    Attributes:
        body: The text that is signed and sent, the same at each attempt.
        status: Of the last answer, if any came.
        excerpt: How the last answer began.
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    event_type = models.CharField(_("event"), max_length=64)
    body = models.TextField(_("what was sent"))
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=DeliveryState.choices,
        default=DeliveryState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt = models.DateTimeField(_("next attempt"), null=True)
    status = models.PositiveSmallIntegerField(_("answer's status"), null=True)
    error = models.CharField(
        _("error"), max_length=16, choices=DeliveryError.choices, blank=True
    )
    excerpt = models.CharField(_("answer"), max_length=300, blank=True)
    ended = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")

    def __str__(self) -> str:
        return f"{self.event_type} {self.id}"

    @property
    def message_id(self) -> str:
        """The standard's id of the message: a receiver drops what it had before."""
        return f"msg_{self.id.hex}"
