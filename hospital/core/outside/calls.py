"""A connection to a judged address, which ends by a deadline whatever the other side does.

No proxy of the environment is used: it would lead to an address that nobody judged. Who
calls must follow no redirect, for the same reason.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from hospital.core.outside.addresses import (
    Allowed,
    Place,
    Target,
    places_of,
    target_of,
)


@contextmanager
def connected(
    url: str,
    *,
    allowed: Allowed,
    timeout_s: float,
    connect_s: float | None = None,
    silence_s: float | None = None,
) -> Iterator[tuple[http.client.HTTPConnection, Target]]:
    """Yield a connection to the URL's host, cut off when the time is over.

    Args:
        url: Judged here, its name looked up once.
        allowed: What the hospital allows beyond the open internet.
        timeout_s: How long everything may take together.
        connect_s: How long making the connection may take.
        silence_s: How long the other side may send nothing.

    Raises:
        AddressRefused: Nothing may be sent there.
        OSError, HTTPException: Nobody answered in time, or not in HTTP.
    """
    until = time.monotonic() + timeout_s
    target = target_of(url, allowed=allowed)
    places = places_of(target, allowed=allowed)
    sock = _socket(places, until, timeout_s if connect_s is None else connect_s)
    if target.scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(
            sock, server_hostname=target.host, do_handshake_on_connect=False
        )
    connection = _connection(target)
    connection.sock = sock
    # A server that sends a byte now and then never runs into the socket's own timeout.
    alarm = Timer(max(until - time.monotonic(), 0.0), _cut, [sock])
    alarm.daemon = True
    alarm.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        if silence_s is not None:
            sock.settimeout(silence_s)
        yield connection, target
    finally:
        alarm.cancel()
        connection.close()
        sock.close()


def _socket(places: list[Place], until: float, connect_s: float) -> socket.socket:
    """Return a connection to the first place that takes one."""
    until = min(until, time.monotonic() + connect_s)
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


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # whatever TLS waits for
