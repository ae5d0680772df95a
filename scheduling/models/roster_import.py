"""A ward's tables as they were read, between their upload and the roster made of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department
from hospital.core.models import Row
from scheduling.models.roster import Roster


class RosterImport(Row):
    """What came of an upload; once a roster is made of it, what it held is forgotten.

    An upload may be for a roster that is there already (`target`), which it changes.

    Attributes:
        law: The id of a law profile; empty for none.
        files: The names of the files that were sent.
        ward: What could be read, as the preview shows it.
        flaws: What is wrong with it, as `flaws_as_rows` writes it.
        errors, warnings: How many there are, also those that are not told.
        instance: The problem in the `anji` form; null where an error was found.
        accounts: By staff number, the account's id; of a roster that is there already
            only those that change, "" for nobody's.
        target: The roster whose problem it changes; null where it becomes a new one.
        version: Of the target when the tables were read.
        changes: What would change in the target: `told` in words, and how broken it is.
        roster: What was made of it, or changed by it.
    """

    department = models.ForeignKey(
        Department,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("department"),
    )
    name = models.CharField(_("name"), max_length=200)
    start = models.DateField(_("first day"))
    days = models.PositiveSmallIntegerField(_("days"))
    law = models.CharField(_("law"), max_length=64, blank=True)
    files = models.JSONField(default=list)
    ward = models.JSONField(default=dict)
    flaws = models.JSONField(default=list)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    instance = models.JSONField(null=True)
    accounts = models.JSONField(default=dict)
    target = models.ForeignKey(
        Roster, null=True, on_delete=models.CASCADE, related_name="+"
    )
    version = models.PositiveIntegerField(_("version"), null=True)
    changes = models.JSONField(default=dict)
    roster = models.ForeignKey(
        Roster, null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        verbose_name = _("import of a ward")
        verbose_name_plural = _("imports of wards")
        constraints = [
            models.CheckConstraint(
                condition=Q(errors=0) | Q(instance__isnull=True),
                name="import_with_errors_makes_no_roster",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True, version__isnull=True)
                | Q(target__isnull=False, version__isnull=False),
                name="import_for_a_roster_knows_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"RosterImport {self.id}"
