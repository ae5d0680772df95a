"""What a manager waits for: a sick call, rules that cannot all be kept, a stop, a cell.

All of it is measured over REST on the real platform, from the request to the answer, and
beside the time that may be taken.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx

from scheduling.solver.formats import to_json
from scheduling.solver.instance import Instance, Person
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Judge, verify
from tests.benchmarks.data import needed
from tests.benchmarks.figures import quantile, resident_mb
from tests.running import RunningPlatform, running_platform
from tests.scheduling.solver.explain.planted import KINDS, planted, ward
from tests.scheduling.solver.repair.test_scenarios import (
    CELLS_A_SHIFT,
    SCENARIOS,
    published,
    sick_call,
)

SICK_CALL_S, CONFLICT_S, STOP_S, CELL_S = 5.0, 5.0, 1.0, 0.1
SEEDS = (1, 2)  # of each kind of conflict
STOPS = 5
CELLS = 100
PEOPLE, NEED = 50, 8  # a ward of fifty for four weeks, who need eight in each shift
LOOK_S = 0.02
LONGEST_S = 120.0

Json = dict[str, Any]  # Any: JSON as the contracts describe it


class Manager:
    """A manager's program: makes rosters, asks, and takes the time."""

    def __init__(self, platform: RunningPlatform) -> None:
        self.client = httpx.Client(
            base_url=f"{platform.url}/api/v1",
            headers=platform.headers("manager"),
            timeout=LONGEST_S,
        )

    def roster(self, **problem: object) -> str:
        made = self.client.post("/rosters/", json={"name": "Bench", **problem})
        return f"/rosters/{made.raise_for_status().json()['id']}"

    def put(self, roster: str, cells: list[Json]) -> Json:
        """Change cells of the newest version."""
        now = self.client.get(f"{roster}/").raise_for_status()
        headers = {"If-Match": now.headers["ETag"]}
        changed = self.client.patch(
            f"{roster}/assignments/", json={"cells": cells}, headers=headers
        )
        verdict: Json = changed.raise_for_status().json()
        return verdict

    def ended(self, job: str) -> Json:
        """Return a job once it has ended."""
        deadline = time.perf_counter() + LONGEST_S
        while time.perf_counter() < deadline:
            now: Json = self.client.get(f"/jobs/{job}/").raise_for_status().json()
            if now["finished"]:
                return now
            time.sleep(LOOK_S)
        message = f"The job {job} did not end in time."
        raise RuntimeError(message)

    def found(self, runs: str) -> None:
        """Wait until the search under way has a roster, and told of it."""
        deadline = time.perf_counter() + LONGEST_S
        while time.perf_counter() < deadline:
            (run,) = self.client.get(runs).raise_for_status().json()["results"]
            if run["objective"] is not None:
                return
            time.sleep(LOOK_S)
        message = "The search found no roster in time."
        raise RuntimeError(message)


def measure() -> dict[str, Any]:
    """Return seconds at the 50th and 95th percentile, and what went wrong."""
    needed("rostering/curtois")
    with running_platform() as platform:
        manager = Manager(platform)
        figures = {
            "sick_call": _figures(_sick_calls(manager), SICK_CALL_S),
            "conflict": _figures(_conflicts(manager), CONFLICT_S),
            "stop": _figures(_stops(manager), STOP_S),
            "cell": _figures(_cells(manager), CELL_S),
            "rule_check": _figures(_checks(), CELL_S),
        }
        return {**figures, "memory_mb": round(resident_mb(platform.process.pid))}


def _figures(taken: Iterator[tuple[float, bool]], budget_s: float) -> Json:
    seconds, sound = zip(*taken, strict=True)
    return {
        "count": len(seconds),
        "p50_s": round(quantile(seconds, 50), 4),
        "p95_s": round(quantile(seconds, 95), 4),
        "worst_s": round(max(seconds), 4),
        "budget_s": budget_s,
        "late": sum(one > budget_s for one in seconds),
        "wrong": sound.count(False),
    }


def _timed(ask: Callable[[], httpx.Response]) -> tuple[float, httpx.Response]:
    began = time.perf_counter()
    answer = ask()
    return time.perf_counter() - began, answer


def _sick_calls(manager: Manager) -> Iterator[tuple[float, bool]]:
    """Yield each scenario: every option legal, and at most three cells a shift lost."""
    for name, seed in SCENARIOS:
        instance, before = published(name)
        address = manager.roster(instance=to_json(instance))
        manager.put(address, list(_worked(instance, before)))
        call = sick_call(instance, before, seed)
        (absence,) = call.absences
        body = {
            "absences": [{"person": absence.person, "days": list(absence.days)}],
            "from_day": call.day,
        }
        seconds, answer = _timed(
            lambda at=address, sent=body: manager.client.post(
                f"{at}/repair/", json=sent
            )
        )
        if answer.status_code != httpx.codes.OK:
            yield seconds, False
            continue
        row = before.rows[instance.person_index[absence.person]]
        lost = sum(row[day] != OFF for day in absence.days)
        options = answer.json()["options"]
        yield (
            seconds,
            3 <= len(options) <= 5
            and all(
                one["changed_cells"] <= CELLS_A_SHIFT * lost
                and _is_legal(instance, before, one, absent=absence.person)
                for one in options
            ),
        )


def _worked(instance: Instance, roster: Roster) -> Iterator[Json]:
    for index, day, shift in roster.worked():
        yield {"person": instance.people[index].id, "day": day, "shift": shift}


def _is_legal(instance: Instance, before: Roster, option: Json, *, absent: str) -> bool:
    """Whether a roster keeps its rules; whom illness excuses may miss some of their own."""
    after = before
    for one in option["changes"]:
        index = instance.person_index[one["person"]]
        after = after.with_cell(index, one["day"], one["after"])
    excused = {absent} if option["is_excused"] else set()
    return all(one.person in excused for one in verify(instance, after).hard)


def _conflicts(manager: Manager) -> Iterator[tuple[float, bool]]:
    """Yield each planted conflict: exactly its members are told."""
    for kind in KINDS:
        for seed in SEEDS:
            case = planted(kind, seed)
            address = manager.roster(instance=to_json(case.instance))
            began = time.perf_counter()
            asked = manager.client.post(f"{address}/explanation/").raise_for_status()
            manager.ended(asked.json()["job"])
            seconds = time.perf_counter() - began
            found = manager.client.get(f"{address}/explanation/").json()
            yield (
                seconds,
                found["status"] == "infeasible"
                and [_members(one) for one in found["conflicts"]]
                == [{(one.person, one.rule, one.days) for one in case.conflict}],
            )


def _members(conflict: list[Json]) -> set[tuple[str, str, tuple[int, ...]]]:
    return {(one["person"], one["rule"], tuple(one["days"])) for one in conflict}


def _stops(manager: Manager) -> Iterator[tuple[float, bool]]:
    """Yield each stop of a long search: its best roster is kept."""
    instance, _before = published("Instance10")
    for _stop in range(STOPS):
        address = manager.roster(instance=to_json(instance))
        asked = manager.client.post(f"{address}/solution/", json={"time_limit": 300})
        job = asked.raise_for_status().json()["job"]
        manager.found(f"{address}/runs/")
        began = time.perf_counter()
        manager.client.post(f"/jobs/{job}/cancellation/").raise_for_status()
        manager.ended(job)
        seconds = time.perf_counter() - began
        cells = manager.client.get(f"{address}/assignments/").json()
        yield seconds, cells["count"] > 0


def _cells(manager: Manager) -> Iterator[tuple[float, bool]]:
    """Yield each change of one cell in a ward of fifty: judged, with what it costs."""
    instance = ward_of_fifty()
    address = manager.roster(instance=to_json(instance))
    manager.put(address, list(_worked(instance, _in_turns(instance))))
    for number in range(CELLS):
        person = instance.people[number % PEOPLE].id
        day = number * 11 % instance.days
        cell = {"person": person, "day": day, "shift": "ELN"[number % 3]}
        now = manager.client.get(f"{address}/").raise_for_status()
        headers = {"If-Match": now.headers["ETag"]}
        seconds, answer = _timed(
            lambda sent=cell, head=headers: manager.client.patch(
                f"{address}/assignments/", json={"cells": [sent]}, headers=head
            )
        )
        yield seconds, answer.status_code == httpx.codes.OK


def _checks() -> Iterator[tuple[float, bool]]:
    """Yield each judgment of one changed cell alone: the same as of the whole roster."""
    instance = ward_of_fifty()
    judge = Judge(instance)
    judged = judge.judge(_in_turns(instance))
    for number in range(CELLS):
        began = time.perf_counter()
        judged = judged.with_cell(
            number % PEOPLE, number * 11 % instance.days, "ELN"[number % 3]
        )
        verdict = judged.verdict
        seconds = time.perf_counter() - began
        yield seconds, verdict == judge.judge(judged.roster).verdict


def ward_of_fifty() -> Instance:
    """Return the ward of the planted conflicts, with fifty people and as many more needs."""
    small = ward()
    rules = small.people[0].rules
    return replace(
        small,
        people=tuple(Person(id=f"p{one}", rules=rules) for one in range(PEOPLE)),
        demands=tuple(replace(one, at_least=NEED) for one in small.demands),
    )


def _in_turns(instance: Instance) -> Roster:
    """Return a roster in which everybody works five days of seven, a third each shift."""
    rows = (
        tuple(
            OFF if (day + index) % 7 > 4 else "ELN"[index % 3]
            for day in range(instance.days)
        )
        for index in range(len(instance.people))
    )
    return Roster(tuple(rows))
