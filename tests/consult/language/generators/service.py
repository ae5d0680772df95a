"""A chat completions service over a real socket, well-behaved or not as each path says."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from consult.language.generators.endpoint import Endpoint
from hospital.core.outside import Allowed


def event(words: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": words}, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


DONE = b"data: [DONE]\n\n"


@dataclass
class Service:
    """What was asked of it, and what it says at `/says`."""

    port: int = 0
    says: list[str] = field(default_factory=list)
    writes: Callable[[str], list[str]] | None = None  # instead, from what it is asked
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    goes_on: Event = field(
        default_factory=Event
    )  # after the first piece, at `/halfway`
    is_over: Event = field(default_factory=Event)

    def at(self, path: str, **options: Any) -> Endpoint:
        """Return a client of the service's base address for one behaviour."""
        url = f"http://127.0.0.1:{self.port}/{path}"
        return Endpoint(url, "ward-model", Allowed.of(["127.0.0.1"]), **options)


class Handler(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.service.asked.append(json.loads(body))
        self.service.headers.append(dict(self.headers))
        _, behaviour, *rest = self.path.split("/")
        assert rest == ["chat", "completions"]
        with suppress(OSError):
            getattr(self, f"_{behaviour}")()

    def _stream(self, *chunks: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)

    def _pieces(self) -> list[str]:
        if self.service.writes is None:
            return self.service.says
        return self.service.writes(self.service.asked[-1]["messages"][1]["content"])

    def _says(self) -> None:
        self._stream(b": hello\n\n", *map(event, self._pieces()))
        self.wfile.write(event("", "stop") + DONE)

    def _halfway(self) -> None:
        first, *rest = self._pieces()
        self._stream(event(first))
        self.wfile.flush()
        self.service.goes_on.wait(60)
        for words in rest:
            self.wfile.write(event(words))
        self.wfile.write(event("", "stop") + DONE)

    def _endless(self) -> None:
        self._stream()
        while not self.service.is_over.is_set():
            self.wfile.write(event("word " * 50))

    def _endless_events(self) -> None:
        self._stream()
        while not self.service.is_over.is_set():
            self.wfile.write(event(""))

    def _drips(self) -> None:
        self._stream()
        for byte in event("Antibiotics kill bacteria. [1]") * 1000:
            if self.service.is_over.wait(0.05):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def _silent(self) -> None:
        self._stream()
        self.wfile.flush()
        self.service.is_over.wait(20)

    def _mute(self) -> None:
        self.service.is_over.wait(20)  # not even a head

    def _early(self) -> None:
        self._stream(event("Antibiotics kill bacteria. [1]"))

    def _empty(self) -> None:
        self._stream(DONE)

    def _json(self) -> None:
        self._stream(b"data: {not json\n\n", DONE)

    def _shape(self) -> None:
        self._stream(b'data: {"choices": [{"delta": {"content": 7}}]}\n\n', DONE)

    def _deep(self) -> None:
        self._stream(b"data: " + b"[" * 60_000 + b"\n\n", DONE)

    def _bytes(self) -> None:
        self._stream(b"data: \xff\xfe\n\n", DONE)

    def _line(self) -> None:
        self._stream(b"data: " + b"x" * 200_000)
        self.service.is_over.wait(20)

    def _error(self) -> None:
        self.send_error(500)

    def _elsewhere(self) -> None:
        self.send_response(307)
        self.send_header("Location", "/says/chat/completions")
        self.end_headers()

    def _noise(self) -> None:
        self.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")

    def log_message(self, *_message: object) -> None:
        return


@contextmanager
def serving() -> Iterator[Service]:
    """Listen until the test is over."""
    service = Service()
    handler = type("Bound", (Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.goes_on.set()
        service.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
