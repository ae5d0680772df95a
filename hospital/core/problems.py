"""Errors as RFC 9457 problem+json for programs, and as a page for people."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from hospital.core.errors import DomainError

PROBLEM_JSON = "application/problem+json"
PROGRAM_PATHS = (
    "/api/",
    "/dicomweb/",
    "/events/",
    "/fhir/",
    "/cds-services",
    "/metrics",
)
CHALLENGE = 'Bearer realm="Anji"'

WORDS = {
    400: ("bad_request", _("The request could not be understood.")),
    401: ("not_authenticated", _("Sign in, or send a token.")),
    403: ("not_permitted", _("You may not do this.")),
    404: ("not_found", _("There is nothing at this address that you may see.")),
    405: ("method_not_allowed", _("This address does not take that method.")),
    413: ("too_large", _("That is more than this address takes at once.")),
    500: (
        "internal",
        _("Something went wrong inside the platform. It has been logged."),
    ),
}
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
        return Response(
            body,
            status=error.status,
            content_type=PROBLEM_JSON,
            headers=_retry_after(error),
        )
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
    if for_program(request) or request.accepts("text/html") is False:
        answer = problem_answer(
            status=error.status,
            code=error.code,
            detail=str(error.message),
            errors=error.fields or None,
        )
    else:
        context = {"error": error, "back": _way_back(request)}
        answer = render(request, "problem.html", context, status=error.status)
    for header, value in _retry_after(error).items():
        answer[header] = value
    return answer


def problem_answer(
    *,
    status: int,
    code: str,
    detail: str,
    errors: dict[str, Any] | None = None,  # Any: as in `problem`
) -> HttpResponse:
    """Return a problem as the whole answer."""
    body = problem(status=status, code=code, detail=detail, errors=errors)
    response = JsonResponse(body, status=status, content_type=PROBLEM_JSON)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def for_program(request: HttpRequest) -> bool:
    """Whether a program asks, whatever it says that it accepts."""
    return request.path.startswith(PROGRAM_PATHS)


def put_in_words(response: HttpResponse) -> None:
    """Make a problem document of an error that holds a page, or nothing at all."""
    code, words = WORDS.get(
        response.status_code, (f"http_{response.status_code}", response.reason_phrase)
    )
    body = problem(status=response.status_code, code=code, detail=str(words))
    if "X-Request-ID" in response:
        body["request_id"] = response["X-Request-ID"]
    response.content = json.dumps(body).encode()
    response["Content-Type"] = PROBLEM_JSON
    response["Content-Length"] = str(len(response.content))


def _way_back(request: HttpRequest) -> str:
    """Return the page of ours from which somebody came, unless it is this very one."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if is_ours and page != request.build_absolute_uri() else ""


def _retry_after(error: DomainError) -> dict[str, str]:
    seconds = error.retry_after_s
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _code(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid"
    return str(getattr(error, "default_code", "not_found"))


def _detail(data: Any) -> str:  # Any: DRF's error data has no fixed shape
    if isinstance(data, dict) and "detail" in data:
        return str(data["detail"])
    return "Some fields could not be taken; see errors."
