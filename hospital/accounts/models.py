"""People, what they may do, and the departments they belong to."""

import uuid
from typing import Any, ClassVar

import pghistory
import pgtrigger
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
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


DEPARTMENT_CODE = RegexValidator(
    r"^[A-Za-z0-9_-]+( [A-Za-z0-9_-]+)*\Z",
    _("Write letters, numbers, hyphens and single spaces, as in `general medicine`."),
)


@pghistory.track()
class Department(Row):
    """A department of the hospital; its code is the contract's lower-case name."""

    code = models.CharField(
        _("code"), max_length=64, unique=True, validators=[DEPARTMENT_CODE]
    )
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        chinese = (get_language() or "").startswith("zh")
        return self.name_zh if chinese and self.name_zh else self.name


class People(UserManager["User"]):
    """Accounts; the first one of a hospital is made by `createsuperuser`."""

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **extra_fields: Any,  # Any: Django's signature
    ) -> "User":
        extra_fields.setdefault("role", Role.ADMINISTRATOR)
        return super().create_superuser(username, email, password, **extra_fields)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    pghistory.UpdateEvent(
        "password_changed", condition=pgtrigger.AnyChange("password")
    ),
    exclude=["password", "last_login", "preferences"],
)
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

    objects: ClassVar[People] = People()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_staff=False, is_superuser=False)
                | Q(role=Role.ADMINISTRATOR),
                name="only_administrators_open_admin",
                violation_error_message=_(
                    "Only an administrator may open the administration."
                ),
            )
        ]

    @property
    def is_hospital_staff(self) -> bool:
        """Whether the person works here (Django's `is_staff` means: may open admin)."""
        return self.role in STAFF_ROLES


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
)
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


@pghistory.track(exclude=["digest", "last_used"])
class ApiToken(Row):
    """A token that lets a program act for one account; only its digest is kept."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    @property
    def is_valid(self) -> bool:
        """Whether it opens anything now."""
        expired = self.expires is not None and self.expires <= timezone.now()
        return self.revoked is None and not expired and self.user.is_active


@pghistory.track()
class ApiClient(Row):
    """What another system may do: its OAuth client, and the account it acts for.

    The application's own `user` is the integrator whose departments the client sees.
    """

    application = models.OneToOneField(
        "oauth2_provider.Application",
        on_delete=models.CASCADE,
        related_name="api_client",
        verbose_name=_("OAuth application"),
    )
    scopes = models.JSONField(_("scopes"), default=list)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return f"ApiClient {self.id}"


class LinkPurpose(models.TextChoices):
    """What a one-time link is for."""

    INVITATION = "invitation", _("Invitation")
    PASSWORD_RESET = "password_reset", _("Password reset")
    RECORD = "record", _("Tie of an account to a patient's record")


@pghistory.track(exclude=["digest"])
class OneTimeLink(Row):
    """A link that an administrator prints or sends; it works once, and not for long."""

    purpose = models.CharField(_("purpose"), max_length=16, choices=LinkPurpose.choices)
    user = models.ForeignKey(
        User,
        null=True,
        on_delete=models.CASCADE,
        related_name="one_time_links",
        verbose_name=_("account"),
    )
    patient_id = models.UUIDField(_("patient"), null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires = models.DateTimeField(_("expires"))
    used = models.DateTimeField(_("used"), null=True, blank=True)
    made_by = models.ForeignKey(
        User,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose=LinkPurpose.RECORD, patient_id__isnull=False)
                | (~Q(purpose=LinkPurpose.RECORD) & Q(user__isnull=False)),
                name="link_is_for_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"OneTimeLink {self.id}"


@pghistory.track(
    pghistory.InsertEvent(), pghistory.DeleteEvent(), exclude=["data", "last_used_at"]
)
class SecondFactor(Authenticator):  # type: ignore[misc]  # allauth is untyped
    """A person's second factor: that one came or went is kept, its secret never."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
