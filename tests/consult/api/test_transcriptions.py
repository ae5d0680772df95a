"""A spoken message over REST: words come back, nothing stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from consult.services import speech
from tests.consult.speech.service import RECORDING, Listener, listening

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/transcriptions/"


@pytest.fixture
def listener(settings: LazySettings, tmp_path: Path) -> Iterator[Listener]:
    cache.clear()
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.LANGUAGE_ALLOWED_HOSTS = ["127.0.0.1"]
    with listening() as started:
        settings.SPEECH_URL = started.url("says")
        yield started


def send(client: Client, audio: bytes = RECORDING, **more: str) -> Any:
    file = SimpleUploadedFile("../../my name.webm", audio, content_type="text/html")
    return client.post(DOOR, {"audio": file, **more})


def test_a_stranger_is_heard_and_nothing_of_it_stays(
    client: Client, listener: Listener, tmp_path: Path
) -> None:
    response = send(client, lang="en")

    assert response.status_code == 200
    assert response.json() == {"text": "I have a cough."}
    assert b"my name" not in listener.heard[0][2]
    assert list(tmp_path.iterdir()) == []


def test_without_a_service_the_answer_says_to_type(client: Client) -> None:
    response = send(client)

    assert response.status_code == 404
    assert response.json()["code"] == "speech_not_set_up"


@pytest.mark.parametrize(
    ("behaviour", "status", "code"),
    [
        ("nothing", 422, "nothing_heard"),
        ("error", 503, "speech_status"),
        ("silent", 503, "speech_late"),
    ],
)
def test_a_failing_service_is_told_in_words(
    client: Client,
    listener: Listener,
    settings: LazySettings,
    behaviour: str,
    status: int,
    code: str,
) -> None:
    settings.SPEECH_URL = listener.url(behaviour)
    settings.SPEECH_DEADLINE_S = 0.3

    response = send(client)

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_bad_recordings_are_refused_before_anybody_is_asked(
    client: Client, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "MOST_AUDIO_BYTES", 1_000)

    answers = [
        send(client, b"x" * 100_000).status_code,
        send(client, b"<html>").status_code,
        send(client, b"").status_code,
        client.post(DOOR, {"lang": "en"}).status_code,
        send(client, lang="fr").status_code,
        client.post(DOOR, "{}", content_type="application/json").status_code,
    ]

    assert answers == [413, 415, 400, 400, 400, 415]
    assert listener.heard == []


def test_an_address_that_speaks_without_end_is_slowed_down(
    client: Client, listener: Listener, settings: LazySettings
) -> None:
    settings.SPEECH_AN_HOUR = 1

    answers = [send(client).status_code, send(client).status_code]

    assert answers == [200, 429]
    assert len(listener.heard) == 1
