"""Patients' messages answered from the shipped library, alone and 20 a second.

Every patient is a stranger with a conversation and an open event stream. First byte: from
sending a message to the first event of its exchange. Answer: to the event `done`.
"""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.benchmarks.figures import quantile, resident_mb
from tests.running import RunningPlatform, running_platform

STREAMS = 200
MESSAGES_A_SECOND = 20
SECONDS = 30.0
ALONE = 30  # messages, one after the other
WARMING = 5
ANSWERED_WITHIN_S = 60.0
QUESTIONS = (
    "What can I do myself against hay fever?",
    "How do I prepare for a blood test, may I eat before?",
    "感冒了在家可以怎么做？",
    "What are the side effects of antibiotics?",
    "做CT检查前要注意什么？",
    "How can high blood pressure be prevented?",
    "糖尿病人平时生活要注意什么？",
    "When should I see a doctor with back pain?",
)


@dataclass(slots=True)
class Patient:
    """A stranger with one conversation; what its stream said of each message, in turn."""

    client: httpx.AsyncClient
    secret: str
    conversation: str
    first: asyncio.Queue[float] = field(default_factory=asyncio.Queue)
    done: asyncio.Queue[float] = field(default_factory=asyncio.Queue)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


@dataclass(slots=True)
class Load:
    """What the patients saw: seconds to the first event and to the end of an answer."""

    first: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    failures: int = 0


def measure() -> dict[str, Any]:
    """Return latencies and failures, alone and under load."""
    with running_platform() as platform:
        return asyncio.run(_measure(platform))


async def _measure(platform: RunningPlatform) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=2 * STREAMS)
    async with httpx.AsyncClient(
        base_url=platform.url, limits=limits, timeout=60
    ) as client:
        patients = [await _arrive(client) for _ in range(STREAMS)]
        opened = asyncio.Semaphore(0)
        streams = [asyncio.create_task(_listen(each, opened)) for each in patients]
        for _ in patients:
            await opened.acquire()
        questions = itertools.cycle(QUESTIONS)
        for _ in range(WARMING):
            await _ask(patients[0], next(questions), Load())
        alone = Load()
        for patient in patients[1 : 1 + ALONE]:
            await _ask(patient, next(questions), alone)
        busy = await _crowd(patients, questions)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
        return {
            "streams": STREAMS,
            "messages_a_second": MESSAGES_A_SECOND,
            "alone": _figures(alone),
            "crowd": _figures(busy),
            "memory_mb": round(resident_mb(platform.process.pid)),
        }


async def _arrive(client: httpx.AsyncClient) -> Patient:
    answer = await client.post("/api/v1/conversations/", json={})
    answer.raise_for_status()
    client.cookies.clear()  # the next stranger is another one
    begun = answer.json()
    return Patient(client, begun["secret"], begun["id"])


async def _listen(patient: Patient, opened: asyncio.Semaphore) -> None:
    topic = f"conversation:{patient.conversation}"
    async with patient.client.stream(
        "GET",
        "/events/",
        params={"topics": topic},
        headers=patient.headers,
        timeout=None,
    ) as stream:
        stream.raise_for_status()
        opened.release()
        async for event in _events(stream):
            if event.get("event") == "safety":
                patient.first.put_nowait(time.perf_counter())
            elif event.get("event") == "done":
                patient.done.put_nowait(time.perf_counter())


async def _events(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.aiter_lines():
        if line.startswith("data:"):
            yield json.loads(line.removeprefix("data:"))


async def _crowd(patients: list[Patient], questions: Iterator[str]) -> Load:
    """Send so many messages a second, whoever still waits; return once all are answered."""
    load = Load()
    asked = []
    begin = time.perf_counter()
    senders = itertools.cycle(patients)
    for number in range(round(MESSAGES_A_SECOND * SECONDS)):
        await asyncio.sleep(begin + number / MESSAGES_A_SECOND - time.perf_counter())
        asked.append(asyncio.create_task(_ask(next(senders), next(questions), load)))
    await asyncio.gather(*asked)
    return load


async def _ask(patient: Patient, question: str, load: Load) -> None:
    started = time.perf_counter()
    answer = await patient.client.post(
        f"/api/v1/conversations/{patient.conversation}/messages/",
        json={"text": question},
        headers=patient.headers,
    )
    if answer.status_code != httpx.codes.ACCEPTED:
        load.failures += 1
        return
    try:
        async with asyncio.timeout(ANSWERED_WITHIN_S):
            load.first.append(await patient.first.get() - started)
            load.done.append(await patient.done.get() - started)
    except TimeoutError:
        load.failures += 1


def _figures(load: Load) -> dict[str, float]:
    return {
        "answered": len(load.done),
        "failures": load.failures,
        **{
            f"{name}_p{percent}_ms": round(quantile(values, percent) * 1000, 1)
            for name, values in (("first_byte", load.first), ("answer", load.done))
            if values
            for percent in (50, 95)
        },
    }
