"""People, what they may do, and the departments they belong to."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hospital.core.models import Row


class Role(models.TextChoices):
    """What a person is to the hospital; one role a person."""

    PATIENT = "patient", _("Patient")
    NURSE = "nurse", _("Nurse")
    CLINICIAN = "clinician", _("Clinician")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    INTEGRATOR = "integrator", _("Integrator")


STAFF_ROLES = frozenset({Role.NURSE, Role.CLINICIAN, Role.MANAGER, Role.ADMINISTRATOR})


class Department(Row):
    """A department of the hospital; its code is the contract's lower-case name."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        chinese = (get_language() or "").startswith("zh")
        return self.name_zh if chinese and self.name_zh else self.name


class User(AbstractUser):
    """A person with an account, or the account an API client acts for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(
        _("role"), max_length=16, choices=Role.choices, default=Role.PATIENT
    )
    departments = models.ManyToManyField(
        Department, through="Membership", related_name="people", blank=True
    )
    preferences = models.JSONField(_("preferences"), default=dict, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    @property
    def is_hospital_staff(self) -> bool:
        """Whether the person works here (Django's `is_staff` means: may open admin)."""
        return self.role in STAFF_ROLES


class Membership(models.Model):
    """A person's place in a department."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department"], name="membership_once"
            )
        ]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user_id} in {self.department_id}"
