"""A transcription service over a real socket, well-behaved or not as each path says."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

RECORDING = b"\x1a\x45\xdf\xa3" + b"webm" * 50
ANSWERS = {
    "says": b'{"text": "  I have a\\n cough. "}',
    "nothing": b'{"text": ""}',
    "json": b"{no",
    "shape": b'{"text": 7}',
    "deep": b"[" * 60_000,
    "huge": b'{"text": "' + b"x" * 400_000 + b'"}',
}


@dataclass
class Listener:
    """What was heard."""

    port: int = 0
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    is_over: Event = field(default_factory=Event)

    def url(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.port}/{behaviour}"


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen until the test is over."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append((self.path, dict(self.headers), body))
            behaviour = self.path.split("/")[1]
            with suppress(OSError):
                self._answer(behaviour)

        def _answer(self, behaviour: str) -> None:
            if behaviour == "silent":
                listener.is_over.wait(20)
                return
            if behaviour in {"error", "elsewhere"}:
                self.send_response(500 if behaviour == "error" else 307)
                self.send_header("Location", "/says/audio/transcriptions")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            if behaviour == "drips":
                while not listener.is_over.wait(0.05):
                    self.wfile.write(b" ")
            self.wfile.write(ANSWERS.get(behaviour, b""))

        def log_message(self, *_message: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    listener.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener
    finally:
        listener.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
