"""Request ids out, and every error in words: pages for people, JSON for programs."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hospital.core.errors import DomainError, InvalidInput
from hospital.core.problems import for_program, problem_page, put_in_words

Handler = Callable[[HttpRequest], HttpResponse]


class ReceivedMiddleware:
    """Note when the request came, before anything is read for its answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received = time.time()  # type: ignore[attr-defined]  # ours, seconds
        return self.get_response(request)


class RequestIdMiddleware:
    """Echo the request's id, so a person can quote it and a log can be searched."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id:
            response["X-Request-ID"] = str(request_id)
        return response


class DomainErrorMiddleware:
    """Turn a DomainError of a page into a page that says what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Answer a DomainError; leave every other exception to Django."""
        if isinstance(error, DomainError):
            return problem_page(request, error)
        return None


class ProblemMiddleware:
    """Answer programs with problem+json where Django would send a page or nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and for_program(request):
            is_page = response.get("Content-Type", "").startswith("text/")
            if not response.streaming and (is_page or not response.content):
                put_in_words(response)
        return response


class NothingKeptMiddleware:
    """Tell browsers to keep nothing: workstations are shared, and Back shows the past.

    A view that knows better (images that are asked for again) says so itself.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class CleanAddressMiddleware:
    """Refuse an address with a NUL in it, which no text in the database can hold."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            message = _("The address holds a character that no name can hold.")
            return problem_page(request, InvalidInput(message, code="nul", status=400))
        return self.get_response(request)


class CleanFormMiddleware:
    """Refuse a page's form with a NUL in it, for the same reason; serializers see theirs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if request.method != "POST" or for_program(request):
            return None
        if not any("\0" in value for _, some in request.POST.lists() for value in some):
            return None
        message = _("The form holds a character that no text can hold. Take it out.")
        return problem_page(request, InvalidInput(message, code="nul", status=400))
