"""The only way a row of the accounts reaches anyone."""

from django.db.models import QuerySet

from hospital.accounts.models import ApiToken, Department
from hospital.accounts.principal import Principal


def departments_visible_to(principal: Principal) -> QuerySet[Department]:
    """Return one's departments; an administrator sees all."""
    if principal.sees_every_department:
        return Department.objects.all()
    return Department.objects.filter(pk__in=principal.department_ids)


def api_tokens_visible_to(principal: Principal) -> QuerySet[ApiToken]:
    """Return one's own tokens, whatever one's role."""
    return ApiToken.objects.filter(user=principal.user)
