import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft4Validator, FormatChecker

from hospital.accounts.models import Department, Role, User
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.tokens import create_api_token
from scheduling.models import Roster
from tests.rows import make_department, make_person
from tests.scheduling.wards import make_roster, today

Ask = Callable[..., HttpResponse]
Json = dict[str, Any]  # Any: the schema


@pytest.fixture
def department() -> Department:
    return make_department("ward")


@pytest.fixture
def manager(department: Department) -> User:
    return make_person(Role.MANAGER, department)


@pytest.fixture
def nurse(department: Department) -> User:
    return make_person(Role.NURSE, department)


@pytest.fixture
def roster(department: Department, manager: User, nurse: User) -> Roster:
    """A draft of the week after next; P0 is the nurse."""
    start = today() + timedelta(days=14)
    roster = make_roster(department, author=manager, start=start)
    roster.people.filter(key="P0").update(user=nurse)
    return roster


@pytest.fixture
def ask(rest: Ask) -> Ask:
    """Return a function that asks REST about rosters."""
    return lambda method, path, *body, **further: rest(
        method, f"rosters/{path}", *body, **further
    )


@pytest.fixture
def rest(manager: User) -> Ask:
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
            f"/api/v1/{path}",
            data=_sent(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {tokens[user]}", **headers},
        )

    return send


def _sent(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return json.dumps(body).encode()


@cache
def rosters_schema() -> Json:
    """Return the schema of every door of the rosters."""
    doors = [path("api/v1/", include("scheduling.urls.api"))]
    made: Json = SchemaGenerator(patterns=doors).get_schema(request=None, public=True)
    return made


def undescribed(answer: HttpResponse, door: str) -> list[str]:
    """Return where an answer is not what the schema says, field by field.

    Args:
        door: Method and address as the schema names them, such as `get leaves/`.
    """
    method, address = door.split()
    schema = rosters_schema()
    told = schema["paths"][f"/api/v1/{address}"][method]["responses"]
    [media] = told[str(answer.status_code)]["content"].values()
    parts = _closed({"components": schema["components"], **media["schema"]})
    found = Draft4Validator(parts, format_checker=FormatChecker())
    return [error.message for error in found.iter_errors(answer.json())]


def _closed(part: Any) -> Any:  # Any: a part of the schema
    """Return a part in which every field has to be there, and no other may be."""
    if isinstance(part, list):
        return [_closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {name: _closed(one) for name, one in part.items()}
    if isinstance(part.get("properties"), dict):
        closed |= {"required": list(part["properties"]), "additionalProperties": False}
    if part.get("nullable") is True:
        return {"anyOf": [closed, {"type": "null"}]}
    return closed
