"""Every change carries who made it, from where and in which request."""

from collections.abc import Callable
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponse
from pghistory.middleware import HistoryMiddleware

from hospital.audit.origin import address_of, request_id_of


class AuditContextMiddleware(HistoryMiddleware):
    """Give the history triggers the request they work for.

    The address pattern is kept rather than the address: a URL may carry a secret, as
    a one-time link does. REST sets the account in the view; pghistory hears of it.
    """

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is written beside each change of this request."""
        known = super().get_context(request)
        return {
            "user": known["user"],
            "address": address_of(request),
            "request_id": request_id_of(),
            "method": request.method,
        }

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> None:
        """Add the pattern of the address, known once the view is found."""
        if request.resolver_match:
            pghistory.context(url=request.resolver_match.route)
