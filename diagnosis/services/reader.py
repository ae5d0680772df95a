"""Who may judge and sign: a clinician of the study's department."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnosis.models import Study
from hospital.accounts.models import Role, User
from hospital.core.errors import NotPermitted


def require_reader(user: User, study: Study, *, refusal: str | Promise) -> None:
    """Refuse everyone but the clinicians of the study's department.

    Raises:
        NotPermitted: The person is another; `refusal` says what they may not do.
    """
    if user.role != Role.CLINICIAN:
        raise NotPermitted(refusal, code="clinicians_only")
    if not user.memberships.filter(department=study.department_id).exists():
        raise NotPermitted(
            _("This study belongs to another department."), code="other_department"
        )
