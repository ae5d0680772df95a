"""A server that receives webhooks, and judges signatures by its own reading of the standard."""

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


@dataclass
class Receiver:
    """What came in, and what to answer.

    Attributes:
        status: What is answered.
        headers: What is answered beside it.
        received: Path, headers and body of each request.
    """

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""
    received: list[tuple[str, Message, bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/anji?ward=3"

    @property
    def last(self) -> Any:
        return json.loads(self.received[-1][2])

    def verified_by(self, secret: str) -> bool:
        """Whether the last request is signed with the secret, as the standard says."""
        _path, headers, body = self.received[-1]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
        return verified(secret, signed + body, headers["webhook-signature"])


def verified(secret: str, signed: bytes, signatures: str) -> bool:
    """Judge a signature header by the standard's words, not by our code."""
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret[len("whsec_") :])
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [part.split(",", 1) for part in signatures.split(" ")]
    return any(
        version == "v1" and hmac.compare_digest(one, wanted) for version, one in given
    )


@contextmanager
def receiving(pem: Path | None = None) -> Iterator[Receiver]:
    """Listen, encrypted where a key and certificate are given."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append((self.path, self.headers, body))
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_message: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if pem:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
