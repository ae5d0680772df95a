"""A service that takes recordings as `/v1/audio/transcriptions` does.

Its address comes from the operator's settings alone, is judged and connected to by
`hospital.core.outside`, and no redirect is followed. Nothing of a recording is kept.
"""

import json
import secrets
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Literal

from consult.language.detect import Language
from consult.speech.kinds import HEAD_BYTES, kind_of
from hospital.core.outside import AddressRefused, Allowed, connected

OK = 200
MOST_ANSWER_BYTES = 256 * 1024
LONGEST_TEXT = 5_000

Failure = Literal[
    "refused",  # the address may not be called
    "unreachable",
    "status",  # it answered with an error or another address
    "late",
    "garbage",
    "not_audio",
]


class SpeechFailed(Exception):
    """Nothing was written down; `reason` says why."""

    def __init__(self, reason: Failure, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SpeechService:
    """Where recordings go.

    Attributes:
        url: The base address, such as https://speech.hospital.example/v1.
        model: The name that the service knows its model by.
        allowed: The hosts of the hospital's own that may be called.
        key: Sent as a bearer token where there is one.
    """

    url: str
    model: str
    allowed: Allowed
    key: str = field(default="", repr=False)
    connect_s: float = 3.0


def transcribe(
    audio: bytes,
    *,
    service: SpeechService,
    lang: Language | None = None,
    deadline_s: float = 20.0,
) -> str:
    """Return the words of a recording; empty where nobody speaks.

    Raises:
        SpeechFailed: The recording is none, or the service fails, is late or elsewhere.
    """
    until = time.monotonic() + deadline_s
    body, kind = _form(audio, service.model, lang)
    headers = {
        "Content-Type": kind,
        "Accept": "application/json",
        "Connection": "close",
    }
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    try:
        with connected(
            f"{service.url.rstrip('/')}/audio/transcriptions",
            allowed=service.allowed,
            timeout_s=deadline_s,
            connect_s=service.connect_s,
        ) as (connection, target):
            connection.request("POST", target.path, body, headers)
            with connection.getresponse() as answer:
                if answer.status != OK:
                    raise SpeechFailed("status", str(answer.status))
                said = answer.read(MOST_ANSWER_BYTES + 1)
    except AddressRefused as error:
        raise SpeechFailed("refused", error.reason) from error
    except (OSError, HTTPException, UnicodeError) as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() >= until
        reason: Failure = "late" if is_late else "unreachable"
        raise SpeechFailed(reason, type(error).__name__) from error
    if time.monotonic() >= until:
        raise SpeechFailed("late")
    return _words(said)


def _words(said: bytes) -> str:
    try:
        answer: Any = json.loads(said)  # Any: from outside, judged here
    except (ValueError, RecursionError) as error:
        raise SpeechFailed("garbage") from error
    text = answer.get("text") if isinstance(answer, dict) else None
    if not isinstance(text, str) or len(said) > MOST_ANSWER_BYTES:
        raise SpeechFailed("garbage")
    return " ".join(text.replace("\0", "").split())[:LONGEST_TEXT]


def _form(audio: bytes, model: str, lang: Language | None) -> tuple[bytes, str]:
    """Return the recording as a form, and the form's media type; the name is ours."""
    kind = kind_of(audio[:HEAD_BYTES])
    if kind is None:
        raise SpeechFailed("not_audio")
    mark = f"anji-{secrets.token_hex(16)}"
    fields = {"model": model, "response_format": "json"}
    if lang is not None:
        fields["language"] = lang
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="speech.{kind.ending}"\r\nContent-Type: {kind.media_type}\r\n\r\n'
    )
    body = "".join(parts).encode() + audio + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"
