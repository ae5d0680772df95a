"""Writing down who opened what."""

from uuid import UUID

from django.core.cache import cache
from django.db import models
from django.http import HttpRequest
from rest_framework.request import Request

from hospital.accounts.principal import Principal, principal_of
from hospital.audit.models import Access
from hospital.audit.origin import address_of, request_id_of

ONE_READING_S = 600  # a page that keeps itself fresh, or a stack of slices, is one


def record_access(
    source: HttpRequest | Request | Principal,
    *,
    action: str,
    record: models.Model,
    patient_id: UUID | None = None,
) -> Access:
    """Write that somebody opened a record; returns the row, which nobody can change.

    Args:
        source: The request, or the principal where there is none.
        action: What was done, one word such as `read`, `print` or `export`.
        record: The row that was opened.
        patient_id: The patient it is about.
    """
    return _write(
        source,
        action=action,
        record_type=record._meta.label_lower,  # noqa: SLF001 (Django's public name)
        record_id=str(record.pk),
        patient_id=patient_id,
    )


def record_reading(
    source: HttpRequest | Request | Principal,
    *,
    record: models.Model,
    patient_id: UUID | None = None,
) -> None:
    """Write that somebody reads a record, once in ten minutes however often they ask.

    For what is asked for piece by piece; arguments as of `record_access`.
    """
    principal = source if isinstance(source, Principal) else principal_of(source)
    key = f"reading:{principal.user.pk}:{principal.client_id}:{record.pk}"
    if cache.add(key, 1, timeout=ONE_READING_S):
        record_access(source, action="read", record=record, patient_id=patient_id)


def record_list(
    source: HttpRequest | Request, *, model: type[models.Model], rows: int
) -> Access:
    """Write that somebody was shown a list of records; one row, however long the list.

    Args:
        source: The request.
        model: What the list is of.
        rows: How many were shown.
    """
    return _write(
        source,
        action="list",
        record_type=model._meta.label_lower,  # noqa: SLF001 (Django's public name)
        rows=rows,
    )


def _write(source: HttpRequest | Request | Principal, **facts: object) -> Access:
    if isinstance(source, Principal):
        principal, address = source, None
    else:
        principal, address = principal_of(source), address_of(source)
    return Access.objects.create(
        user=principal.user,
        client_id=principal.client_id or "",
        address=address,
        request_id=request_id_of(),
        **facts,
    )
