import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.urls import include, path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from hospital.accounts import lock
from hospital.accounts.models import Role
from hospital.core.errors import InvalidInput
from hospital.core.models import KeptAnswer
from tests.rows import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

ADDRESS = "/api/v1/notes/"
KEY = {"Idempotency-Key": "key-1"}


class Notes(APIView):
    """Counts its calls, and does what the body asks for."""

    scope = None
    calls = 0
    gate = threading.Event()
    entered = threading.Event()

    def post(self, request: Request) -> Response:
        Notes.calls += 1
        match request.data.get("do"):
            case "refuse":
                raise InvalidInput("Too early.", code="too_early")
            case "break":
                raise RuntimeError
            case "wait":
                Notes.entered.set()
                Notes.gate.wait(10)
        files = [file.read().decode() for file in request.FILES.getlist("files")]
        body = {"call": Notes.calls, "files": files}
        if request.data.get("do") == "tell a secret":
            body["secret"] = "s3cret"
        return Response(body, status=201, headers={"Location": "/notes/1/"})


urlpatterns = [
    path("api/v1/notes/", Notes.as_view()),
    path("", include("hospital.urls")),
]


@pytest.fixture(autouse=True)
def fresh_notes() -> Iterator[None]:
    Notes.calls = 0
    Notes.gate.clear()
    Notes.entered.clear()
    yield
    Notes.gate.set()


@pytest.fixture
def client() -> APIClient:
    return client_of(make_person(Role.CLINICIAN))


def client_of(user: object) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_login(user)
    return client


def test_second_post_is_answered_as_the_first_and_does_nothing(
    client: APIClient,
) -> None:
    first = client.post(ADDRESS, {"text": "a"}, headers=KEY)
    second = client.post(ADDRESS, {"text": "a"}, headers=KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json() == {"call": 1, "files": []}
    assert (second["Location"], second["Idempotent-Replayed"]) == ("/notes/1/", "true")
    assert "Idempotent-Replayed" not in first
    assert Notes.calls == 1


def test_without_a_key_each_post_counts(client: APIClient) -> None:
    client.post(ADDRESS, {"text": "a"})
    client.post(ADDRESS, {"text": "a"})

    assert (Notes.calls, KeptAnswer.objects.count()) == (2, 0)


def test_same_key_with_another_body_is_refused(client: APIClient) -> None:
    client.post(ADDRESS, {"text": "a"}, headers=KEY)

    answer = client.post(ADDRESS, {"text": "b"}, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (
        422,
        "idempotency_key_reused",
    )
    assert Notes.calls == 1


def test_same_key_of_another_person_is_another_key(client: APIClient) -> None:
    client.post(ADDRESS, {"text": "a"}, headers=KEY)

    other = client_of(make_person(Role.NURSE)).post(ADDRESS, {"text": "a"}, headers=KEY)

    assert (other.json()["call"], Notes.calls) == (2, 2)


def test_upload_is_compared_by_its_files_not_its_boundary(client: APIClient) -> None:
    def upload(text: bytes) -> Response:
        file = SimpleUploadedFile("a.dcm", text)
        return client.post(ADDRESS, {"files": [file]}, format="multipart", headers=KEY)

    first, second, third = upload(b"one"), upload(b"one"), upload(b"two")

    assert first.json() == second.json() == {"call": 1, "files": ["one"]}
    assert third.status_code == 422


def test_refusal_is_kept_too(client: APIClient) -> None:
    first = client.post(ADDRESS, {"do": "refuse"}, headers=KEY)
    second = client.post(ADDRESS, {"do": "refuse"}, headers=KEY)

    assert (first.status_code, second.status_code, Notes.calls) == (422, 422, 1)
    assert second.json()["code"] == "too_early"


def test_fault_frees_the_key(client: APIClient) -> None:
    first = client.post(ADDRESS, {"do": "break"}, headers=KEY)

    assert (first.status_code, KeptAnswer.objects.count()) == (500, 0)


def test_key_in_flight_is_refused(client: APIClient) -> None:
    def post() -> None:
        client.post(ADDRESS, {"do": "wait"}, headers=KEY)
        connection.close()

    thread = threading.Thread(target=post)
    thread.start()
    assert Notes.entered.wait(10)

    answer = client.post(ADDRESS, {"do": "wait"}, headers=KEY)
    Notes.gate.set()
    thread.join()

    assert (answer.status_code, answer.json()["code"]) == (
        409,
        "idempotency_key_in_use",
    )
    assert Notes.calls == 1


def test_key_of_a_server_that_died_is_free_some_minutes_later(
    client: APIClient,
) -> None:
    client.post(ADDRESS, {"text": "a"}, headers=KEY)
    KeptAnswer.objects.update(
        status=None, created=timezone.now() - timedelta(minutes=11)
    )

    again = client.post(ADDRESS, {"text": "a"}, headers=KEY)

    assert (again.status_code, Notes.calls) == (201, 2)


def test_answers_are_forgotten_after_a_day(client: APIClient) -> None:
    client.post(ADDRESS, {"text": "a"}, headers=KEY)
    KeptAnswer.objects.update(created=timezone.now() - timedelta(hours=25))

    client.post(ADDRESS, {"text": "a"}, headers=KEY)

    assert (Notes.calls, KeptAnswer.objects.count()) == (2, 1)


def test_an_answer_with_a_secret_is_repeated_for_some_minutes_alone(
    client: APIClient,
) -> None:
    first = client.post(ADDRESS, {"do": "tell a secret"}, headers=KEY)
    again = client.post(ADDRESS, {"do": "tell a secret"}, headers=KEY)
    KeptAnswer.objects.update(created=F("created") - timedelta(minutes=10))

    client.post(ADDRESS, {"text": "a"}, headers={"Idempotency-Key": "another"})

    assert first.json() == again.json() == {"call": 1, "files": [], "secret": "s3cret"}
    assert b"s3cret" not in bytes(KeptAnswer.objects.get().body)


def test_stranger_with_a_key_is_still_a_stranger() -> None:
    answer = APIClient().post(ADDRESS, {"text": "a"}, headers=KEY)

    assert (answer.status_code, Notes.calls, KeptAnswer.objects.count()) == (401, 0, 0)


def test_endless_key_is_refused(client: APIClient) -> None:
    headers = {"Idempotency-Key": "k" * 256}

    answer = client.post(ADDRESS, {"text": "a"}, headers=headers)

    assert (answer.status_code, Notes.calls) == (400, 0)


def test_body_is_kept_as_a_keyed_digest_only(client: APIClient) -> None:
    client.post(ADDRESS, {"password": "correct horse"}, headers=KEY)

    body = b'{"password":"correct horse"}'
    assert KeptAnswer.objects.get().digest != hashlib.sha256(body).hexdigest()


def test_locked_workstation_repeats_no_answer() -> None:
    person = make_person(Role.CLINICIAN)
    client = APIClient()
    client.force_login(person)
    client.post(ADDRESS, {}, headers=KEY)
    session = client.session
    session[lock.LOCKED] = True
    session.save()

    again = client.post(ADDRESS, {}, headers=KEY)

    assert again.status_code == 401
    assert Notes.calls == 1
