"""Where a request comes from, and what it is called in the logs."""

import ipaddress

import structlog
from django.http import HttpRequest
from rest_framework.request import Request


def address_of(request: HttpRequest | Request) -> str | None:
    """Return the client's address as the web server tells it; None when it does not.

    Headers that a client can write itself are not read; behind a proxy the web server
    resolves them (`FORWARDED_ALLOW_IPS`).
    """
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def request_id_of() -> str:
    """Return the id that the logs and the X-Request-ID header name this request by."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
