"""The only way a webhook or its messages reach anyone."""

from django.db.models import Q, QuerySet

from hospital.accounts.models import Department, Role
from hospital.accounts.principal import Principal
from hospital.webhooks.models import WebhookDelivery, WebhookEndpoint

MAKERS = frozenset({Role.ADMINISTRATOR, Role.INTEGRATOR})


def webhooks_visible_to(principal: Principal) -> QuerySet[WebhookEndpoint]:
    """Return an integrator's own webhooks; an administrator sees all."""
    endpoints = WebhookEndpoint.objects.select_related("department", "owner")
    if principal.sees_every_department:
        return endpoints
    if principal.role in MAKERS:
        return endpoints.filter(owner=principal.user)
    return endpoints.none()


def deliveries_visible_to(principal: Principal) -> QuerySet[WebhookDelivery]:
    """Return the messages to the webhooks one sees."""
    return WebhookDelivery.objects.filter(endpoint__in=webhooks_visible_to(principal))


def listeners_of(event_type: str, department: Department) -> QuerySet[WebhookEndpoint]:
    """Return the webhooks that hear of a department's event now.

    Whoever made one must still be allowed to see the department.
    """
    may_see = Q(owner__role=Role.ADMINISTRATOR) | Q(
        owner__role=Role.INTEGRATOR, owner__memberships__department=department
    )
    wants = Q(department=None) | Q(department=department)
    return WebhookEndpoint.objects.filter(
        may_see,
        wants,
        owner__is_active=True,
        disabled=None,
        event_types__contains=[event_type],
    ).distinct()
