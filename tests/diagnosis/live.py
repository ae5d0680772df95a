"""A client against a server that really listens."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from hospital.accounts.models import User
from hospital.accounts.services.tokens import create_api_token

SCOPES = ("studies:read", "studies:write")


@contextmanager
def session_of(user: User) -> Iterator[requests.Session]:
    """Give a session that carries a token of the person's own.

    Closed at the end, or a server's thread would keep its database connection.
    """
    _row, token = create_api_token(user=user, name="test", scopes=SCOPES)
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        yield session
