"""Who words answers: chosen by an administrator among what the operator set up."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class GeneratorName(models.TextChoices):
    EXTRACTIVE = "extractive", _("None: the library is quoted")
    ENDPOINT = "endpoint", _("The language service of the settings")
    LOCAL = "local", _("The language model of this machine")


class GeneratorChoice(Row):
    """One choice; the newest counts, the others say who chose what, when and why."""

    name = models.CharField(
        _("generator"), max_length=16, choices=GeneratorName.choices
    )
    reason = models.CharField(_("reason"), max_length=300)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("chosen by"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("choice of the generator")
        verbose_name_plural = _("choices of the generator")

    def __str__(self) -> str:
        return str(GeneratorName(self.name).label)
