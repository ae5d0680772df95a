"""The bell in the bar."""

from django import template
from django.template import Context

from hospital.accounts.principal import principal_of
from hospital.notices.selectors import unread_of

register = template.Library()


@register.inclusion_tag("notices/_bell.html", takes_context=True)
def notice_bell(context: Context) -> dict[str, object]:
    """Return how many notices wait for whoever is signed in."""
    request = context["request"]
    return {"unread": unread_of(principal_of(request)).count(), "request": request}
