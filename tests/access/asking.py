"""Asks one door as one role and says what came back and what it wrote."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction

from tests.access.route import Route
from tests.access.world import World

WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) \"(\w+)\"")
# What a visit leaves behind without changing anything anybody owns.
BOOKKEEPING = frozenset({"django_session", "usersessions_usersession"})


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    written: frozenset[str]


def ask(world: World, route: Route, *, method: str, role: str, target: str) -> Answer:
    """Send one request and undo what it did."""
    client = world.clients[role]
    cookies = client.cookies.output()
    headers = {}
    if route.kind == "rest" and role in world.tokens:
        headers["authorization"] = f"Bearer {world.tokens[role]}"
    savepoint = transaction.savepoint()
    try:
        with written_tables() as written:
            response = client.generic(
                method,
                route.path(world.ids[target]),
                data=b"{}" if route.kind == "rest" and method != "GET" else b"",
                content_type=_content_type(route, method),
                headers=headers,
            )
        if getattr(response, "streaming", False) and not response.is_async:
            b"".join(response.streaming_content)
    finally:
        transaction.savepoint_rollback(savepoint)
        client.cookies = SimpleCookie()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return Answer(
        response.status_code, response.get("Location", ""), frozenset(written)
    )


def _content_type(route: Route, method: str) -> str:
    if route.kind == "rest":
        return "application/json"
    return "application/x-www-form-urlencoded"


@contextmanager
def written_tables() -> Iterator[set[str]]:
    """Collect the tables that are written to meanwhile, bookkeeping left out."""
    tables: set[str] = set()

    def watch(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        tables.update(WRITES.findall(str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
    tables -= BOOKKEEPING
