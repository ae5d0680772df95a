"""Signatures and secrets as Standard Webhooks has them.

References:
    https://github.com/standard-webhooks/standard-webhooks, spec 1.0.0, "Signature scheme".
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32  # the standard asks for 24 to 64


def new_secret() -> str:
    """Return a new secret in the standard's spelling."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: str) -> str:
    """Return one signature of a message, such as `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`."""
    key = b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()


def signed_headers(
    keys: Iterable[str], *, message_id: str, timestamp: int, body: str
) -> dict[str, str]:
    """Return the standard's three headers, signed with each of the secrets."""
    signatures = [
        signature(key, message_id=message_id, timestamp=timestamp, body=body)
        for key in keys
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
