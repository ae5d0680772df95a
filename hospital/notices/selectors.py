"""The only way a notice reaches anyone: one's own, whatever one's role."""

from django.db.models import QuerySet

from hospital.accounts.principal import Principal
from hospital.notices.models import Notice


def notices_visible_to(principal: Principal) -> QuerySet[Notice]:
    """Return one's own notices."""
    return Notice.objects.filter(user=principal.user)


def unread_of(principal: Principal) -> QuerySet[Notice]:
    """Return those of one's own notices that wait to be read."""
    return notices_visible_to(principal).filter(read=None)
