"""What was read of a ward, as JSON for who looks it over before a roster is made."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from scheduling.importing.problem import DAYS_A_WEEK
from scheduling.importing.tables import clock
from scheduling.importing.ward import Need, Period, Staff, Terms, Ward

Json = dict[str, Any]  # Any: JSON


def preview(ward: Ward, period: Period) -> Json:
    """Return people, shifts, contracts and needs by weekday, and how many of the rest."""
    terms = {one.id: one for one in ward.contracts}
    leave = {number: len(days) for number, days in ward.leave.items()}
    return {
        "people": [
            {
                **_person(one),
                "hours": _hours(one, terms),
                "leave_days": leave.get(one.number, 0),
            }
            for one in ward.staff
        ],
        "shifts": [
            {
                "id": one.id,
                "name": one.name,
                "start": clock(one.start_minute),
                "end": clock(one.end_minute),
                "minutes": one.minutes,
                "is_night": one.is_night,
            }
            for one in ward.shifts
        ],
        "contracts": [
            {
                "id": one.id,
                "hours": one.hours,
                "days": one.days,
                "nights": one.nights,
                "rest": one.rest,
                "weekends": one.weekends,
            }
            for one in ward.contracts
        ],
        "demand": list(_by_weekday(ward, period)),
        "leave_days": sum(leave.values()),
        "requests": len(ward.wishes),
    }


def _person(staff: Staff) -> Json:
    return {
        "number": staff.number,
        "name": staff.name,
        "login": staff.login,
        "has_account": bool(staff.account),
        "contract": staff.contract,
        "share": staff.share,
        "skills": [
            {"name": name, "until": until.isoformat() if until else None}
            for name, until in staff.skills
        ],
        "barred": sorted(staff.barred),
    }


def _hours(staff: Staff, terms: Mapping[str, Terms]) -> float | None:
    """Return a person's weekly hours; None where their contract tells none."""
    contract = terms.get(staff.contract)
    if contract is None or contract.hours is None:
        return None
    return round(contract.hours * staff.share / contract.share, 2)


def _by_weekday(ward: Ward, period: Period) -> Iterator[Json]:
    """Yield each need with what is usual on each weekday, Monday first.

    `differs` tells that some dates ask for something else.
    """
    rows: dict[tuple[str, str], list[list[Need]]] = {}
    order = {shift.id: place for place, shift in enumerate(ward.shifts)}
    for need in ward.needs:
        weekday = (period.start.weekday() + need.day) % DAYS_A_WEEK
        row = rows.setdefault(
            (need.shift, need.skill), [[] for _ in range(DAYS_A_WEEK)]
        )
        row[weekday].append(need)
    for (shift, skill), row in sorted(
        rows.items(), key=lambda one: (order[one[0][0]], one[0][1])
    ):
        cells = [_usual(needs) for needs in row]
        asked = [{(need.least, need.most) for need in needs} for needs in row]
        yield {
            "shift": shift,
            "skill": skill,
            "cells": cells,
            "differs": any(len(one) > 1 for one in asked),
        }


def _usual(needs: list[Need]) -> str:
    """Return how many are needed, as 2 or 2–3 or 2+; empty for nobody."""
    if not needs:
        return ""
    asked = Counter((need.least, need.most) for need in needs)
    least, most = asked.most_common(1)[0][0]
    if most == least:
        return str(least)
    return f"{least}+" if most is None else f"{least}–{most}"
