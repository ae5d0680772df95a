"""What was read of a ward, as JSON for who looks it over before a roster is made."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from scheduling.importing.moments import Times, name_of
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
                "limits": [
                    {"minutes": minutes, "days": days} for minutes, days in one.limits
                ],
            }
            for one in ward.contracts
        ],
        "demand": list(_by_weekday(ward, period)),
        "pairs": [
            {
                "first": one.first,
                "second": one.second,
                "is_together": one.is_together,
                "shifts": sorted(one.shifts),
            }
            for one in ward.pairs
        ],
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

    One for a time of day has `times` and no shift. A mix of skills has `other`, the skill of those whom the others are for. `differs`
    tells that some dates ask for something else.
    """
    rows: dict[tuple[str, Times | None, str, str], list[list[str]]] = {}
    order = {shift.id: place for place, shift in enumerate(ward.shifts)}
    asked = [
        *(
            (need.day, (need.shift, need.times, need.skill, ""), count_of(need))
            for need in ward.needs
        ),
        *(
            (mix.day, (mix.shift, None, mix.skill, mix.other), f"{mix.of}:{mix.per}")
            for mix in ward.mixes
        ),
    ]
    for day, key, count in asked:
        weekday = (period.start.weekday() + day) % DAYS_A_WEEK
        row = rows.setdefault(key, [[] for _ in range(DAYS_A_WEEK)])
        row[weekday].append(count)

    def place(key: tuple[str, Times | None, str, str]) -> tuple[int, Times, str, str]:
        shift, times, skill, other = key
        return order.get(shift, len(order)), times or (0, 0), other, skill

    for key in sorted(rows, key=place):
        shift, times, skill, other = key
        yield {
            "shift": shift,
            "times": name_of(times) if times else "",
            "skill": skill,
            "other": other,
            "cells": [_usual(counts) for counts in rows[key]],
            "differs": any(len(set(counts)) > 1 for counts in rows[key]),
        }


def _usual(counts: list[str]) -> str:
    """Return what is asked most often; empty for nobody."""
    return Counter(counts).most_common(1)[0][0] if counts else ""


def count_of(need: Need) -> str:
    """Return how many are needed, as 2 or 2–3 or 2+."""
    if need.most == need.least:
        return str(need.least)
    return f"{need.least}+" if need.most is None else f"{need.least}–{need.most}"
