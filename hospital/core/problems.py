"""Errors as RFC 9457 problem+json for programs, and as a page for people."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from hospital.core.errors import DomainError

PROBLEM_JSON = "application/problem+json"
# What Django's own form parser refuses to read on.
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: dict[str, Any] | None = None,  # Any: messages by field, nested as the form
) -> dict[str, Any]:
    """Return a problem document; `type` is the code as a relative reference."""
    body: dict[str, Any] = {
        "type": f"/help/errors/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return body


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return DRF's answer to an exception as problem+json; None for a real fault."""
    if isinstance(error, DomainError):
        body = problem(
            status=error.status,
            code=error.code,
            detail=str(error.message),
            errors=error.fields or None,
        )
        return Response(body, status=error.status, content_type=PROBLEM_JSON)
    if isinstance(error, TOO_MUCH):
        body = problem(status=413, code="too_many_files", detail=str(error))
        return Response(body, status=413, content_type=PROBLEM_JSON)
    response = default_handler(error, context)
    if response is None:
        return None
    response.data = problem(
        status=response.status_code,
        code=_code(error),
        detail=_detail(response.data),
        errors=response.data if isinstance(error, exceptions.ValidationError) else None,
    )
    response.content_type = PROBLEM_JSON
    return response


def problem_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the error as a page, or as problem+json where JSON was asked for."""
    if (
        request.path.startswith(("/api/", "/dicomweb/"))
        or request.accepts("text/html") is False
    ):
        body = problem(status=error.status, code=error.code, detail=str(error.message))
        return JsonResponse(body, status=error.status, content_type=PROBLEM_JSON)
    return render(request, "problem.html", {"error": error}, status=error.status)


def _code(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid"
    return str(getattr(error, "default_code", "not_found"))


def _detail(data: Any) -> str:  # Any: DRF's error data has no fixed shape
    if isinstance(data, dict) and "detail" in data:
        return str(data["detail"])
    return "Some fields could not be taken; see errors."
