import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from hospital.accounts.models import Department, Role, User
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.tokens import create_api_token
from tests.rows import make_department, make_person

Ask = Callable[..., HttpResponse]


@pytest.fixture
def department() -> Department:
    return make_department("ward")


@pytest.fixture
def manager(department: Department) -> User:
    return make_person(Role.MANAGER, department)


@pytest.fixture
def ask(manager: User) -> Ask:
    """Return a function that asks REST with somebody's token, by default a manager's."""
    tokens: dict[User, str] = {}

    def send(
        method: str,
        path: str,
        body: Any = None,
        *,
        user: User = manager,
        **headers: str,
    ) -> HttpResponse:
        if user not in tokens:
            _row, tokens[user] = create_api_token(
                user=user, name="test", scopes=all_scopes()
            )
        return Client().generic(
            method,
            f"/api/v1/rosters/{path}",
            data=_sent(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {tokens[user]}", **headers},
        )

    return send


def _sent(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return json.dumps(body).encode()
