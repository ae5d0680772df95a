"""What a load balancer and a container engine ask: alive, and ready for requests."""

from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_PATIENCE_S = 2


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, its tables and the broker are there: 200, else 503 and which is not."""
    checks = {name: check() for name, check in CHECKS.items()}
    ready = all(checks.values())
    words = {name: "ok" if good else "failed" for name, good in checks.items()}
    body = {"status": "ready" if ready else "not ready", "checks": words}
    return JsonResponse(body, status=200 if ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def tables_are_current() -> bool:
    """Return whether every migration ran; asked of the database until it says yes."""
    try:
        _require_migrations()
    except (Error, LookupError):
        return False
    return True


@cache  # a raised error is not kept
def _require_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        message = "Some migrations have not run."
        raise LookupError(message)


def broker_answers() -> bool:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=BROKER_PATIENCE_S, socket_connect_timeout=2
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "tables": tables_are_current,
    "broker": broker_answers,
}
