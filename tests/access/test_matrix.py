"""Every URL x method x role x {own, other, none}: who gets what, and what changes.

A pattern that no `routes_<room>.py` lists fails here; so does a line whose pattern is
gone. Strangers are sent to the sign-in page (401 in REST), people whose role does not
allow it get 403, and a row that is not theirs to see does not exist (404). Whatever is
refused has written nothing.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connections, transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from hospital.jobs.guests import Guests
from hospital.jobs.views import events
from tests.access import (
    routes_accounts,
    routes_admin,
    routes_chat,
    routes_consult,
    routes_diagnosis,
    routes_dicomweb,
    routes_imports,
    routes_insights,
    routes_knowledge,
    routes_labelling,
    routes_platform,
    routes_records,
    routes_scheduling,
    routes_self_service,
    routes_webhooks,
)
from tests.access.asking import Answer, ask
from tests.access.conftest import storages_in
from tests.access.route import Route
from tests.access.world import ROLES, World, make_world

TABLES = (
    routes_platform,
    routes_accounts,
    routes_records,
    routes_chat,
    routes_consult,
    routes_diagnosis,
    routes_dicomweb,
    routes_imports,
    routes_insights,
    routes_knowledge,
    routes_labelling,
    routes_scheduling,
    routes_self_service,
    routes_webhooks,
)
ROUTES = [route for table in TABLES for route in table.ROUTES]
SIGN_IN = "/accounts/login/"
REFUSALS = frozenset({401, 403, 404, 405})


class SilentHub:
    """Stands for the hub of event streams: who may listen is decided before it."""

    place = (0, 0)
    guests = Guests()

    async def start(self) -> None:
        return None


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield every pattern as Django's resolver spells it."""
    for entry in resolver.url_patterns:
        whole = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield whole
        else:
            yield from patterns(entry, whole)


def every_route() -> list[Route]:
    """Return the tables' lines, and one for each page of the administration."""
    admin = [p for p in patterns(get_resolver()) if p.startswith("admin/")]
    return [*ROUTES, *map(routes_admin.route, admin)]


@pytest.fixture(scope="module")
def made_world(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[tuple[World, Path]]:
    """Two departments and their file store, made once: each request is undone."""
    folder = tmp_path_factory.mktemp("world")
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storages_in(folder)),
        transaction.atomic(),
    ):
        yield make_world(folder), folder
        transaction.set_rollback(True)


@pytest.fixture
def world(
    made_world: tuple[World, Path],
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    db: None,
) -> Iterator[World]:
    """The two departments, in a test that no stream may take the database from."""
    world, folder = made_world
    settings.STORAGES = storages_in(folder)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr(events, "hub", SilentHub)
    cache.clear()
    logging.disable(logging.CRITICAL)
    yield world
    logging.disable(logging.NOTSET)


def test_every_url_is_in_the_table() -> None:
    listed = {route.pattern for route in every_route()}
    known = set(patterns(get_resolver()))

    assert known - listed == set(), "Add these to tests/access/routes_<room>.py."
    assert listed - known == set(), "Nothing answers these any more."


def test_no_url_is_listed_twice() -> None:
    listed = [route.pattern for route in every_route()]

    assert sorted(listed) == sorted(set(listed))


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.pattern)
def test_everybody_gets_what_is_theirs(route: Route, world: World) -> None:
    wrong = [
        f"{method} {role} {target}: {why}"
        for method in route.methods
        for role in ROLES
        for target in route.targets(method)
        if (why := flaw(route, world, method=method, role=role, target=target))
    ]

    assert wrong == []


def flaw(route: Route, world: World, *, method: str, role: str, target: str) -> str:
    """Return what is wrong with the answer; empty when nothing is."""
    expected = route.expected(method=method, role=role, target=target)
    answer = ask(world, route, method=method, role=role, target=target)
    if answer.status not in expected:
        return f"{answer.status}, not {sorted(expected)}"
    if is_refusal(answer) and answer.written:
        return f"{answer.status}, but wrote {sorted(answer.written)}"
    if role == "stranger" and leads_elsewhere(route, method, answer):
        return f"leads to {answer.location}"
    return ""


def is_refusal(answer: Answer) -> bool:
    return answer.status in REFUSALS or SIGN_IN in answer.location


def leads_elsewhere(route: Route, method: str, answer: Answer) -> bool:
    """Return whether a stranger is led on although the page is not for them."""
    if answer.status != 302 or "stranger" in route.may:
        return False
    return SIGN_IN not in answer.location
