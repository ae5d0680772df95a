"""Signatures agree with the standard's published example, and with nothing near it."""

from base64 import b64decode

import pytest

from hospital.webhooks.signing import new_secret, signature, signed_headers
from tests.hospital.webhooks.receiver import verified

# From the standard's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = 1_614_265_330
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SIGNED = f"{MESSAGE}.{TIMESTAMP}.{BODY}".encode()


def test_the_published_example() -> None:
    made = signature(SECRET, message_id=MESSAGE, timestamp=TIMESTAMP, body=BODY)

    assert made == SIGNATURE
    assert verified(SECRET, SIGNED, SIGNATURE)


@pytest.mark.parametrize("part", [MESSAGE, str(TIMESTAMP), BODY])
def test_whatever_is_changed_breaks_it(part: str) -> None:
    tampered = SIGNED.replace(part.encode(), part[:-1].encode() + b"9")

    assert tampered != SIGNED
    assert not verified(SECRET, tampered, SIGNATURE)


def test_two_secrets_sign_beside_each_other() -> None:
    new = new_secret()

    headers = signed_headers(
        [new, SECRET], message_id=MESSAGE, timestamp=TIMESTAMP, body=BODY
    )

    assert headers["webhook-id"] == MESSAGE
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"].split(" ")[1] == SIGNATURE
    assert verified(new, SIGNED, headers["webhook-signature"])
    assert not verified(new_secret(), SIGNED, headers["webhook-signature"])


def test_a_secret_is_long_and_new_each_time() -> None:
    first, second = new_secret(), new_secret()

    assert first != second
    assert len(b64decode(first.removeprefix("whsec_"))) == 32
