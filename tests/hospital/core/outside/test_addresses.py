"""Where messages may go, and where they may not."""

import socket
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from hospital.core.outside.addresses import (
    AddressRefused,
    Allowed,
    Target,
    places_of,
    target_of,
)
from hospital.webhooks.post import post
from tests.hospital.webhooks.receiver import receiving

NONE = Allowed.of([])
OWN = Allowed.of(["engine.lan", "10.20.0.0/16", "fd00:1::/32"])

REFUSED = [
    ("", "whole address"),
    ("engine", "whole address"),
    ("ftp://engine.example/", "whole address"),
    ("https:///anji", "whole address"),
    ("https://engine.example:99999/", "no address"),
    ("https://engine.example/a b", "no address"),
    ("https://engine.example\\@10.0.0.1/", "no address"),
    ("https://engine.example/\nX: y", "no address"),
    ("https://引擎.example/", "no address"),
    ("https://" + "a" * 500 + ".example/", "no address"),
    ("https://user:pw@engine.example/", "user name"),
    ("https://engine.example/#x", "user name"),
    ("http://engine.example/", "begin with https"),
    ("https://127.0.0.1/", "private network"),
    ("https://10.0.0.1/", "private network"),
    ("https://169.254.169.254/latest/meta-data/", "private network"),
    ("https://100.64.0.1/", "private network"),
    ("https://0.0.0.0/", "private network"),
    ("https://224.0.0.1/", "private network"),
    ("https://[::1]/", "private network"),
    ("https://[fe80::1]/", "private network"),
    ("https://[fd00::1]/", "private network"),
    ("https://[::ffff:10.0.0.1]/", "private network"),
    ("https://[64:ff9b::a00:1]/", "private network"),
    ("https://[2002:a00:1::]/", "private network"),
]


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_an_address_that_leads_astray_is_refused(url: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why):
        target_of(url, allowed=NONE)


def test_an_open_address_is_taken_apart() -> None:
    target = target_of("https://engine.example:8443/anji?ward=3", allowed=NONE)

    assert target == Target("https", "engine.example", 8443, "/anji?ward=3")
    assert target_of("https://[2606:4700::1111]", allowed=NONE).port == 443


@pytest.mark.parametrize(
    "url",
    ["http://engine.lan/", "http://10.20.3.4:8080/", "https://[fd00:1::5]/"],
)
def test_what_the_hospital_allows_is_taken(url: str) -> None:
    assert target_of(url, allowed=OWN)


def test_a_neighbour_of_what_is_allowed_is_refused() -> None:
    for url in ("https://10.21.0.1/", "http://other.engine.lan/"):
        with pytest.raises(AddressRefused):
            target_of(url, allowed=OWN)


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Have every name lead to these addresses, and return the names looked up."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_options: object) -> list[object]:
        asked.append(host)
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_with_one_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names(monkeypatch, "93.184.215.14", "127.0.0.1")
    target = target_of("https://engine.example/", allowed=NONE)

    with pytest.raises(AddressRefused, match="private network"):
        places_of(target, allowed=NONE)


def test_a_name_is_looked_up_once_and_the_judged_address_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = names(monkeypatch, "127.0.0.1")
    with receiving() as receiver:
        url = f"http://engine.lan:{receiver.port}/"
        answer = post(url, body="{}", headers={}, allowed=OWN)

    assert answer.status == 204
    assert asked == ["engine.lan"]
    assert receiver.received[0][1]["Host"] == f"engine.lan:{receiver.port}"


def test_a_server_that_trickles_is_left_in_time() -> None:
    def trickle() -> None:
        connection, _address = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not is_over.wait(0.05):
                connection.sendall(b"x")

    is_over = Event()
    server = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    thread = Thread(target=trickle)
    thread.start()
    began = time.monotonic()
    try:
        with server, pytest.raises((OSError, HTTPException)):
            post(
                url,
                body="{}",
                headers={},
                allowed=Allowed.of(["127.0.0.1"]),
                timeout_s=0.4,
            )
        assert time.monotonic() - began < 5
    finally:
        is_over.set()
        thread.join()


def certified(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a key and certificate for engine.lan, whose name leads to this machine."""
    names(monkeypatch, "127.0.0.1")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "engine.lan")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("engine.lan")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "engine.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    return path


def test_a_certificate_nobody_vouches_for_is_refused_and_a_known_one_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certified(tmp_path, monkeypatch)
    with receiving(pem) as receiver:
        url = f"https://engine.lan:{receiver.port}/"
        with pytest.raises(ssl.SSLCertVerificationError):
            post(url, body="{}", headers={}, allowed=OWN)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        answer = post(url, body="{}", headers={}, allowed=OWN)

    assert answer.status == 204
    assert len(receiver.received) == 1
