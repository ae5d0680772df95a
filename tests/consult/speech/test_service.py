"""Recordings go out, words come back, and everything ends."""

from collections.abc import Iterator

import pytest

from consult.speech import SpeechFailed, SpeechService, kind_of, transcribe
from hospital.core.outside import Allowed
from tests.consult.speech.service import RECORDING, Listener, listening


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as started:
        yield started


def service(listener: Listener, behaviour: str) -> SpeechService:
    allowed = Allowed.of(["127.0.0.1"])
    return SpeechService(listener.url(behaviour), "whisper-1", allowed, key="sk-s")


def test_a_recording_is_written_down(listener: Listener) -> None:
    words = transcribe(RECORDING, service=service(listener, "says"), lang="zh")

    assert words == "I have a cough."
    path, headers, body = listener.heard[0]
    assert path == "/says/audio/transcriptions"
    assert headers["Authorization"] == "Bearer sk-s"
    assert RECORDING in body
    assert b'filename="speech.webm"' in body
    assert b'name="language"\r\n\r\nzh\r\n' in body
    assert b'name="model"\r\n\r\nwhisper-1\r\n' in body
    assert "sk-s" not in repr(service(listener, "says"))


BAD = {
    "silent": "late",
    "drips": "late",
    "error": "status",
    "elsewhere": "status",
    "json": "garbage",
    "shape": "garbage",
    "deep": "garbage",
    "huge": "garbage",
    "empty": "garbage",
}


@pytest.mark.parametrize("behaviour", BAD)
def test_a_bad_service_ends_with_its_reason(listener: Listener, behaviour: str) -> None:
    with pytest.raises(SpeechFailed) as failed:
        transcribe(RECORDING, service=service(listener, behaviour), deadline_s=0.5)

    assert failed.value.reason == BAD[behaviour]
    assert len(listener.heard) == 1


def test_what_is_no_recording_or_no_allowed_address_is_never_sent(
    listener: Listener,
) -> None:
    with pytest.raises(SpeechFailed, match="not_audio"):
        transcribe(b"<html>", service=service(listener, "says"))
    private = SpeechService("https://10.0.0.1/v1", "m", Allowed.of([]))
    with pytest.raises(SpeechFailed, match="refused: private"):
        transcribe(RECORDING, service=private)

    assert listener.heard == []


@pytest.mark.parametrize(
    ("head", "ending"),
    [
        (b"\x1a\x45\xdf\xa3", "webm"),
        (b"OggS", "ogg"),
        (b"RIFF\0\0\0\0WAVE", "wav"),
        (b"\0\0\0\x20ftypM4A ", "mp4"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90", "mp3"),
        (b"fLaC", "flac"),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"%PDF", None),
        (b"", None),
    ],
)
def test_a_recording_is_told_by_how_it_begins(head: bytes, ending: str | None) -> None:
    kind = kind_of(head)

    assert (kind.ending if kind else None) == ending
