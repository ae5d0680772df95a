"""People: invited, placed in departments, given another role."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import Department, LinkPurpose, Membership, Role, User
from hospital.accounts.services.links import NewLink, make_link
from hospital.core.errors import InvalidInput


@transaction.atomic
def invite_person(
    *,
    username: str,
    role: Role,
    departments: Iterable[Department] = (),
    full_name: str = "",
    email: str = "",
    patient_id: UUID | None = None,
    made_by: User | None = None,
) -> NewLink:
    """Make an account that nobody can sign in to yet, and the link that opens it.

    Raises:
        InvalidInput: The name is taken or cannot be one.
    """
    user = User(
        username=username,
        role=role,
        first_name=full_name,
        email=email,
        is_staff=role == Role.ADMINISTRATOR,
        is_superuser=role == Role.ADMINISTRATOR,
    )
    user.set_unusable_password()
    try:
        user.full_clean()
    except ValidationError as wrong:
        raise InvalidInput(
            _("The account cannot be made: %(why)s")
            % {"why": " ".join(wrong.messages)},
            code="bad_account",
            fields=wrong.message_dict,
        ) from wrong
    user.save()
    Membership.objects.bulk_create(
        Membership(user=user, department=department) for department in departments
    )
    return make_link(
        purpose=LinkPurpose.INVITATION,
        user=user,
        patient_id=patient_id,
        made_by=made_by,
    )


def make_reset_link(*, user: User, made_by: User | None = None) -> NewLink:
    """Return a link by which the person chooses a new password."""
    return make_link(purpose=LinkPurpose.PASSWORD_RESET, user=user, made_by=made_by)
