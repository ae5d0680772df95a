"""Idempotency-Key: a POST sent twice is done once, and answered the same both times.

The key belongs to who sends it and to the address. Answers are kept for a day, those that
tell a secret for some minutes: enough to ask again after a lost connection. A server that
dies while it works leaves the key taken for some minutes, then free again.

References:
    draft-ietf-httpapi-idempotency-key-header-06.
"""

import hmac
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from hospital.core.models import KeptAnswer
from hospital.core.problems import TOO_MUCH, problem_answer

KEPT_FOR = timedelta(hours=24)
SECRET_KEPT_FOR = timedelta(minutes=10)
WORKED_ON_FOR = timedelta(minutes=10)
MAX_KEY = 255
MAX_BODY = 1_000_000
MAX_PATH = 200
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
NOT_KEPT = {401, 403, 429}  # who asks may be let in the next time
SECRET = b'"secret":'  # the member of an answer that is told this once
REPLAYED = "Idempotent-Replayed"

Handler = Callable[[HttpRequest], HttpResponse]


class IdempotencyMiddleware:
    """Do a REST POST with an Idempotency-Key once.

    It decides in `process_view`, after the session's lock and second factor have: an
    answer kept from before is opened by nobody who could not ask anew.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = None
        try:
            response = self.get_response(request)
        finally:
            kept = getattr(request, "kept_answer", None)
            if kept is not None:
                _keep(kept, response)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not _is_rest(request):
            return None
        if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
            return _refuse(400, "idempotency_key_malformed", _("The key is too long."))
        sender = _sender(request)
        if sender is None:
            return None  # the view says what is missing
        return _take_or_repeat(request, sender, key)


def _take_or_repeat(request: HttpRequest, sender: str, key: str) -> HttpResponse | None:
    try:
        digest = _digest(request)
    except TOO_MUCH as error:
        return _refuse(413, "too_large", str(error))
    mine, kept = _take(sender, request.path[:MAX_PATH], key, digest)
    if not mine:
        return _again(kept, digest)
    request.kept_answer = kept  # type: ignore[attr-defined]  # until the view has answered
    return None


def _is_rest(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _sender(request: HttpRequest) -> str | None:
    """Return who sends the request; None for a stranger."""
    rest = APIView().initialize_request(request)
    try:
        user = rest.user
    except APIException:
        return None
    if not user.is_authenticated:
        return None
    return f"{user.pk}:{rest.auth or 'session'}"[:200]


def _digest(request: HttpRequest) -> str:
    """Return a digest of what was sent; a form's boundary is no part of it.

    Keyed by the installation's secret: a body may hold a password, and a plain digest
    in the database would let it be guessed quickly.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), digestmod="sha256")
    if (request.content_type or "").startswith("multipart/"):
        for part in _form_parts(request):
            digest.update(len(part).to_bytes(8) + part)
    else:
        try:
            digest.update(request.body)
        except RawPostDataException:
            digest.update(repr(sorted(request.POST.lists())).encode())
    return digest.hexdigest()


def _form_parts(request: HttpRequest) -> Iterable[bytes]:
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield repr((name, file.name, file.size)).encode()
            yield from file.chunks()
            file.seek(0)


def _take(sender: str, path: str, key: str, digest: str) -> tuple[bool, KeptAnswer]:
    """Return whether the key is now ours to answer, and its row."""
    now = timezone.now()
    KeptAnswer.objects.filter(created__lt=now - KEPT_FOR).delete()
    place = KeptAnswer.objects.filter(principal=sender, path=path, key=key)
    place.filter(status=None, created__lt=now - WORKED_ON_FOR).delete()
    fresh = KeptAnswer(principal=sender, path=path, key=key, digest=digest)
    KeptAnswer.objects.bulk_create([fresh], ignore_conflicts=True)
    row = place.get()
    return row.pk == fresh.pk, row


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        return _refuse(
            422,
            "idempotency_key_reused",
            _("This Idempotency-Key was sent with something else before."),
        )
    if kept.status is None:
        return _refuse(
            409,
            "idempotency_key_in_use",
            _("The first request with this Idempotency-Key is still being worked on."),
        )
    headers = {**kept.headers, REPLAYED: "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)


def _keep(kept: KeptAnswer, response: HttpResponse | None) -> None:
    """Keep the answer, or free the key where the request may well be tried again."""
    if (
        response is None
        or response.status_code >= 500
        or response.status_code in NOT_KEPT
        or response.streaming
        or len(response.content) > MAX_BODY
    ):
        kept.delete()
        return
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    kept.body = response.content
    if SECRET in response.content:  # its day is over in some minutes
        kept.created = timezone.now() - KEPT_FOR + SECRET_KEPT_FOR
    kept.save(update_fields=["status", "headers", "body", "created"])


def _refuse(status: int, code: str, words: object) -> HttpResponse:
    return problem_answer(status=status, code=code, detail=str(words))
