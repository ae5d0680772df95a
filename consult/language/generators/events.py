"""Server-sent events of a chat completion, read from bytes as they come."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from consult.language.generators.prompt import GeneratorFailed

LONGEST_LINE = 64 * 1024
DONE = "[DONE]"


def lines(chunks: Iterable[bytes], *, most_bytes: int) -> Iterator[str]:
    """Yield the lines of a byte stream.

    Raises:
        GeneratorFailed: A line or the whole is too long, or is no UTF-8.
    """
    rest, total = b"", 0
    for chunk in chunks:
        total += len(chunk)
        rest += chunk
        *whole, rest = rest.split(b"\n")
        if total > most_bytes or len(rest) > LONGEST_LINE:
            raise GeneratorFailed("endless")
        for line in whole:
            yield _text(line)
    if rest:
        yield _text(rest)


def pieces(events: Iterable[str]) -> Iterator[str]:
    """Yield the words of a chat completion's events.

    Raises:
        GeneratorFailed: An event is no such thing, or the stream ends in the middle.
    """
    is_over = False
    for line in events:
        data = line.removeprefix("data:").strip()
        if not line.startswith("data:") or not data:
            continue  # comments, event names and empty lines
        if data == DONE:
            return
        words, ends = _piece(data)
        is_over = is_over or ends
        if words:
            yield words
    if not is_over:
        raise GeneratorFailed("cut")


def _piece(data: str) -> tuple[str, bool]:
    """Return the words of one event, and whether it is the last that has some."""
    try:
        event: Any = json.loads(data)  # Any: from outside, judged below
    except (ValueError, RecursionError) as error:
        raise GeneratorFailed("garbage") from error
    choices = event.get("choices") if isinstance(event, dict) else None
    if not isinstance(choices, list):
        raise GeneratorFailed("garbage")
    if not choices:
        return "", False  # the last event may hold the usage alone
    first = choices[0]
    delta = first.get("delta") if isinstance(first, dict) else None
    words = delta.get("content") if isinstance(delta, dict) else None
    if not isinstance(delta, dict) or not isinstance(words, str | None):
        raise GeneratorFailed("garbage")
    return words or "", first.get("finish_reason") is not None


def _text(line: bytes) -> str:
    try:
        return line.decode().rstrip("\r")
    except UnicodeDecodeError as error:
        raise GeneratorFailed("garbage") from error
