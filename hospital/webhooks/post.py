"""One POST to a foreign server: ten seconds in all, no redirect, a short answer."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Timer

from hospital.webhooks.addresses import Allowed, Place, Target, places_of, target_of

TIMEOUT_S = 10.0
EXCERPT_BYTES = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, and how the answer begins."""

    status: int
    excerpt: str


def post(
    url: str,
    *,
    body: str,
    headers: Mapping[str, str],
    allowed: Allowed,
    timeout_s: float = TIMEOUT_S,
) -> Answer:
    """Send the body, and return what came back.

    No proxy of the environment is used, and no redirect followed: either would lead to an
    address that nobody judged.

    Raises:
        AddressRefused: Nothing may be sent there.
        OSError, HTTPException: Nobody answered in time, or not in HTTP.
    """
    until = time.monotonic() + timeout_s
    target = target_of(url, allowed=allowed)
    with _connected(target, places_of(target, allowed=allowed), until) as connection:
        connection.request("POST", target.path, body.encode(), dict(headers))
        answer = connection.getresponse()
        if time.monotonic() >= until:
            raise TimeoutError("The answer's head was cut off.")
        return Answer(answer.status, _excerpt(answer))


@contextmanager
def _connected(
    target: Target, places: list[Place], until: float
) -> Iterator[http.client.HTTPConnection]:
    sock = _socket(places, until)
    if target.scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(
            sock, server_hostname=target.host, do_handshake_on_connect=False
        )
    connection = _connection(target)
    connection.sock = sock
    # A server that sends a byte now and then never runs into the socket's own timeout.
    alarm = Timer(max(until - time.monotonic(), 0.0), _cut, [sock])
    alarm.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        yield connection
    finally:
        alarm.cancel()
        connection.close()
        sock.close()


def _socket(places: list[Place], until: float) -> socket.socket:
    """Return a connection to the first place that takes one."""
    trouble: OSError = OSError("The name has no address.")
    for place in places:
        sock = socket.socket(place.family, socket.SOCK_STREAM)
        sock.settimeout(max(until - time.monotonic(), 0.1))
        try:
            sock.connect(place.address)
        except OSError as error:
            sock.close()
            trouble = error
        else:
            return sock
    raise trouble


def _connection(target: Target) -> http.client.HTTPConnection:
    """Return a connection that writes the Host header; its socket is made elsewhere."""
    if target.scheme == "https":
        return http.client.HTTPSConnection(target.host, target.port)
    return http.client.HTTPConnection(target.host, target.port)


def _excerpt(answer: http.client.HTTPResponse) -> str:
    """Return how the answer begins; one that breaks off was an answer all the same."""
    text = b""
    with suppress(OSError, http.client.HTTPException):
        text = answer.read(EXCERPT_BYTES)
    return text.decode(errors="replace").replace("\0", "")


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # whatever TLS waits for
