"""A generator behind an OpenAI-compatible address: chat completions, streamed.

The address comes from the operator's settings alone. It is judged and connected to by
`hospital.core.outside`; no redirect is followed, and the key is never part of a message.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

from consult.language.generators.events import lines, pieces
from consult.language.generators.prompt import (
    Failure,
    GeneratorFailed,
    Prompt,
    messages,
)
from hospital.core.outside import AddressRefused, Allowed, connected

OK = 200


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where chat completions are had.

    Attributes:
        url: The base address, such as https://llm.hospital.example/v1.
        model: The name that the service knows the model by.
        allowed: The hosts of the hospital's own that may be called.
        key: Sent as a bearer token where there is one.
    """

    url: str
    model: str
    allowed: Allowed
    key: str = field(default="", repr=False)
    connect_s: float = 3.0
    silence_s: float = 10.0
    most_tokens: int = 500
    most_bytes: int = 512 * 1024

    def stream(self, prompt: Prompt, *, deadline_s: float) -> Iterator[str]:
        """Yield the draft as it comes; end within the deadline.

        Raises:
            GeneratorFailed: The service cannot be reached, is late, or answers nonsense.
        """
        until = time.monotonic() + deadline_s
        try:
            with connected(
                f"{self.url.rstrip('/')}/chat/completions",
                allowed=self.allowed,
                timeout_s=deadline_s,
                connect_s=self.connect_s,
                silence_s=self.silence_s,
            ) as (connection, target):
                connection.request(
                    "POST", target.path, self._body(prompt), self._headers()
                )
                with connection.getresponse() as answer:
                    if answer.status != OK:
                        raise GeneratorFailed("status", str(answer.status))
                    chunks = _chunks(answer, until)
                    yield from pieces(lines(chunks, most_bytes=self.most_bytes))
        except AddressRefused as error:
            raise GeneratorFailed("refused", error.reason) from error
        except (OSError, HTTPException, UnicodeError) as error:
            reason = _reason(error, until)
            raise GeneratorFailed(reason, type(error).__name__) from error

    def _body(self, prompt: Prompt) -> bytes:
        asked = {
            "model": self.model,
            "messages": messages(prompt),
            "max_tokens": self.most_tokens,
            "temperature": 0,
            "stream": True,
        }
        return json.dumps(asked).encode()

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "Connection": "close",
        }
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        return headers


def _chunks(answer: HTTPResponse, until: float) -> Iterator[bytes]:
    while chunk := answer.read1(64 * 1024):
        yield chunk
        if time.monotonic() >= until:
            raise GeneratorFailed("late")
    if time.monotonic() >= until:
        raise GeneratorFailed("late")  # the alarm cut the connection off


def _reason(error: Exception, until: float) -> Failure:
    if time.monotonic() >= until:
        return "late"
    if isinstance(error, TimeoutError):
        return "silent"
    return "unreachable" if isinstance(error, OSError) else "cut"
