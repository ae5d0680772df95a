"""The figures of a model at work that alert rules are about."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Watched(TextChoices):
    """A figure of the model in service, over the last days."""

    AGREEMENT = "agreement", _("Agreement with signed reports")
    CALIBRATION = "calibration", _("Probability beyond what was signed")
    DRIFT = "drift", _("Drift of the images")
    ABSTENTION = "abstention", _("Share without an answer")
    TURNAROUND = "turnaround", _("Minutes to an answer, 95 % within")
    SHADOW = "shadow", _("Agreement of the candidate")
