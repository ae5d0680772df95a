"""Programs get problem+json for every error, whoever made it."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from hospital.core.errors import InvalidInput
from hospital.urls import urlpatterns as real_urlpatterns

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Li Ning")


def refusing(request: HttpRequest) -> HttpResponse:
    raise InvalidInput("Too early.", code="too_early", fields={"start": ["Too early."]})


urlpatterns = [
    path("api/v1/broken/", broken),
    path("api/v1/refusing/", refusing),
    path("pages/refusing/", refusing),
    *real_urlpatterns,
]


@pytest.mark.parametrize("start", ["/api/v1/", "/dicomweb/", "/events/"])
def test_unknown_address_is_told_as_a_problem(start: str) -> None:
    answer = Client().get(f"{start}nothing/here/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/help/errors/#not_found",
        "title": "Not Found",
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing at this address that you may see.",
        "request_id": answer["X-Request-ID"],
    }
    assert answer["Content-Length"] == str(len(answer.content))


def test_unknown_page_is_a_page() -> None:
    answer = Client().get("/nothing/here/")

    assert (answer.status_code, answer["Content-Type"][:9]) == (404, "text/html")


@pytest.mark.urls(__name__)
def test_fault_tells_the_request_and_nothing_of_its_cause() -> None:
    client = Client(raise_request_exception=False)

    answer = client.get("/api/v1/broken/", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    assert b"Li Ning" not in answer.content


@pytest.mark.urls(__name__)
def test_refusal_carries_its_code_and_fields() -> None:
    answer = Client().get("/api/v1/refusing/")

    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "too_early")
    assert body["errors"] == {"start": ["Too early."]}


@pytest.mark.urls(__name__)
def test_refusal_of_a_page_is_a_page() -> None:
    answer = Client().get("/pages/refusing/")

    assert (answer.status_code, answer["Content-Type"][:9]) == (422, "text/html")
    assert "Too early." in answer.content.decode()


def test_stream_takes_no_post() -> None:
    answer = Client().post("/events/?topics=job:1")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
