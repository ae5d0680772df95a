"""What a token may be allowed to do: read or write one resource."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application
from oauth2_provider.scopes import BaseScopes

RESOURCES: dict[str, Promise] = {
    "studies": _("Studies"),
    "findings": _("Findings"),
    "labels": _("Labels"),
    "reports": _("Reports"),
    "patients": _("Patients"),
    "models": _("Models"),
    "jobs": _("Jobs"),
    "events": _("Events"),
    "notices": _("Notices"),
    "conversations": _("Conversations"),
    "rosters": _("Rosters"),
    "slots": _("Slots"),
    "metrics": _("Metrics"),
    "webhooks": _("Webhooks"),
}
VERBS: dict[str, Promise] = {"read": _("read"), "write": _("write")}


def all_scopes() -> dict[str, Promise]:
    """Return every scope with its words."""
    return {
        f"{resource}:{verb}": format_lazy("{}: {}", name, does)
        for resource, name in RESOURCES.items()
        for verb, does in VERBS.items()
    }


def unknown_scopes(scopes: Iterable[str]) -> set[str]:
    """Return those that are no scopes of ours."""
    return set(scopes) - all_scopes().keys()


class ResourceScopes(BaseScopes):  # type: ignore[misc]  # the toolkit is untyped
    """Tells the OAuth server what each client may ask for."""

    def get_all_scopes(self) -> dict[str, Promise]:
        return all_scopes()

    def get_available_scopes(
        self,
        application: Application | None = None,
        request: object = None,
        *args: Any,  # Any: the toolkit's signature
        **kwargs: Any,
    ) -> list[str]:
        """Return the scopes an administrator gave the client."""
        client = getattr(application, "api_client", None)
        known = all_scopes()
        return [scope for scope in client.scopes if scope in known] if client else []

    def get_default_scopes(
        self,
        application: Application | None = None,
        request: object = None,
        *args: Any,  # Any: the toolkit's signature
        **kwargs: Any,
    ) -> list[str]:
        """Return all of the client's scopes: it asked for none in particular."""
        return self.get_available_scopes(application, request)
