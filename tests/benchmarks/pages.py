"""Pages answered while 200 event streams stand open."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from tests.benchmarks.figures import quantile, resident_mb
from tests.running import RunningPlatform, running_platform

STREAMS = 200
CLIENTS = 8
SECONDS = 15.0
PATHS = ("/api/v1/studies/", "/worklist/?status=open")


@dataclass(slots=True)
class Load:
    """What the clients saw: seconds a request, and answers that were not 200."""

    seconds: list[float]
    failures: int = 0


def measure() -> dict[str, Any]:
    """Return requests a second and p95 with and without the open streams."""
    with running_platform() as platform:
        return asyncio.run(_measure(platform))


async def _measure(platform: RunningPlatform) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=STREAMS + CLIENTS)
    async with httpx.AsyncClient(
        base_url=platform.url, limits=limits, timeout=60
    ) as client:
        await _sign_in(client, platform)
        figures: dict[str, Any] = {"streams": STREAMS, "clients": CLIENTS}
        for path in PATHS:
            alone = await _load(client, path)
            opened = asyncio.Event()
            streams = asyncio.create_task(_hold_streams(client, platform, opened))
            await opened.wait()
            beside = await _load(client, path)
            figures[path] = {
                "alone": _figures(alone),
                "beside_streams": _figures(beside),
                "rate_ratio": round(len(beside.seconds) / len(alone.seconds), 2),
                "memory_mb": round(resident_mb(platform.process.pid)),
            }
            streams.cancel()
            await asyncio.gather(streams, return_exceptions=True)
        return figures


async def _sign_in(client: httpx.AsyncClient, platform: RunningPlatform) -> None:
    person = platform.demo["users"]["clinician"]
    page = await client.get("/accounts/login/")
    page.raise_for_status()
    answer = await client.post(
        "/accounts/login/",
        data={
            "login": person["username"],
            "password": person["password"],
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        },
    )
    if answer.status_code != httpx.codes.FOUND:
        message = f"Sign-in answered {answer.status_code}."
        raise RuntimeError(message)


async def _hold_streams(
    client: httpx.AsyncClient, platform: RunningPlatform, opened: asyncio.Event
) -> None:
    """Open every stream, say so, and hold them until cancelled."""
    me = (await client.get("/api/v1/me/")).json()["id"]
    ready = 0

    async def hold() -> None:
        nonlocal ready
        async with client.stream(
            "GET", "/events/", params={"topics": f"jobs:{me}"}, timeout=None
        ) as stream:
            stream.raise_for_status()
            ready += 1
            if ready == STREAMS:
                opened.set()
            async for _line in stream.aiter_lines():
                pass

    await asyncio.gather(*(hold() for _ in range(STREAMS)))


async def _load(client: httpx.AsyncClient, path: str) -> Load:
    load = Load(seconds=[])
    end = time.perf_counter() + SECONDS

    async def ask() -> None:
        while time.perf_counter() < end:
            started = time.perf_counter()
            answer = await client.get(path)
            load.seconds.append(time.perf_counter() - started)
            load.failures += answer.status_code != httpx.codes.OK

    await asyncio.gather(*(ask() for _ in range(CLIENTS)))
    return load


def _figures(load: Load) -> dict[str, float]:
    return {
        "requests_per_s": round(len(load.seconds) / SECONDS, 1),
        "p95_ms": round(quantile(load.seconds, 95) * 1000, 1),
        "failures": load.failures,
    }
