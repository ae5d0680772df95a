"""What measured vitals are worth: NEWS2 for adults, ranges by age for children.

References:
    Royal College of Physicians: National Early Warning Score (NEWS) 2, 2017.
    NICE NG143 (2019); APLS normal ranges; NICE NG253. Tables: `data/vitals.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any  # Any: a table as its file has it

from consult.safety.levels import Level

ADULT_YEARS = 16
_TABLE = Path(__file__).with_name("data") / "vitals.toml"
VITALS = (
    "heart_rate",
    "systolic_bp",
    "diastolic_bp",
    "temperature_c",
    "spo2",
    "respiratory_rate",
)


def news2(vitals: Mapping[str, float]) -> tuple[int, int]:
    """Return the points of what was measured: their sum, and the highest single one."""
    points = [
        _points(bands, vitals[name])
        for name, bands in _table()["news2"].items()
        if name in vitals
    ]
    return sum(points), max(points, default=0)


def vital_levels(
    vitals: Mapping[str, float], *, age: float | None
) -> Iterator[tuple[Level, str]]:
    """Yield each level that the vitals ask for, with its reason by code."""
    if age is not None and age < ADULT_YEARS:
        yield from _child(vitals, age)
    else:
        yield from _adult(vitals)
    spo2 = vitals.get("spo2")
    single = _table()["single"]
    if spo2 is not None and spo2 <= single["spo2_emergency"]:
        yield "emergency", "vitals.spo2"
    elif spo2 is not None and spo2 <= single["spo2_urgent"]:
        yield "urgent", "vitals.spo2"


def _adult(vitals: Mapping[str, float]) -> Iterator[tuple[Level, str]]:
    levels, single = _table()["news2_levels"], _table()["single"]
    total, highest = news2(vitals)
    if total >= levels["emergency"]:
        yield "emergency", "vitals.news2"
    elif total >= levels["urgent"] or highest >= levels["single"]:
        yield "urgent", "vitals.news2"
    heart_rate = vitals.get("heart_rate", 0.0)
    if heart_rate > single["heart_rate_emergency"]:
        yield "emergency", "vitals.heart_rate"
    elif heart_rate >= single["heart_rate_urgent"]:
        yield "urgent", "vitals.heart_rate"
    if vitals.get("systolic_bp", 999.0) < single["systolic_bp_emergency"]:
        yield "emergency", "vitals.systolic_bp"
    temperature = vitals.get("temperature_c", 0.0)
    is_fast = heart_rate > single["fever_heart_rate"]
    if temperature >= single["fever_high_c"]:
        yield "urgent", "vitals.temperature"
    elif temperature >= single["fever_c"] and is_fast:
        yield "urgent", "vitals.fever_and_heart_rate"


def _child(vitals: Mapping[str, float], age: float) -> Iterator[tuple[Level, str]]:
    row = next(row for row in _table()["children"] if age < row["below_years"])
    for name in ("respiratory_rate", "heart_rate"):
        low, high = row[name]
        if name in vitals and not low <= vitals[name] <= high:
            yield "urgent", f"vitals.{name}"
    if vitals.get("systolic_bp", 999.0) < row["systolic_bp"]:
        yield "emergency", "vitals.systolic_bp"
    fever, temperature = _table()["child_fever"], vitals.get("temperature_c", 0.0)
    if age < fever["emergency_below_years"] and temperature >= fever["emergency_c"]:
        yield "emergency", "vitals.temperature"
    elif age < fever["urgent_below_years"] and temperature >= fever["urgent_c"]:
        yield "urgent", "vitals.temperature"


def _points(bands: list[list[float]], value: float) -> int:
    return int(next((points for top, points in bands if value <= top), 0))


@cache
def _table() -> dict[str, Any]:  # Any: as tomllib gives it
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
