"""NEWS2 worked by hand from the chart, and the ranges of children."""

import pytest

from consult.triage.vitals import news2, vital_levels

WELL = {
    "respiratory_rate": 16.0,
    "spo2": 98.0,
    "systolic_bp": 124.0,
    "heart_rate": 82.0,
    "temperature_c": 37.0,
}


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({}, (0, 0)),
        ({"heart_rate": 111.0}, (2, 2)),
        ({"heart_rate": 131.0, "spo2": 91.0}, (6, 3)),
        (
            {"respiratory_rate": 25.0, "systolic_bp": 90.0, "temperature_c": 39.1},
            (8, 3),
        ),
        ({"temperature_c": 35.0}, (3, 3)),
        ({"systolic_bp": 220.0}, (3, 3)),
    ],
)
def test_news2_adds_up(changed: dict[str, float], points: tuple[int, int]) -> None:
    assert news2({**WELL, **changed}) == points


@pytest.mark.parametrize(
    ("vitals", "age", "level"),
    [
        (WELL, 40, None),
        ({"spo2": 92.0}, 40, "emergency"),
        ({"spo2": 94.0}, 40, "urgent"),
        ({"heart_rate": 131.0}, 40, "emergency"),
        ({"heart_rate": 131.0}, 0.5, None),
        ({"heart_rate": 171.0}, 0.5, "urgent"),
        ({"temperature_c": 38.0}, 0.2, "emergency"),
        ({"temperature_c": 39.0}, 0.4, "urgent"),
        ({"temperature_c": 38.6, "heart_rate": 112.0}, 78, "urgent"),
        ({"systolic_bp": 89.0}, None, "emergency"),
    ],
)
def test_vitals_ask_for_a_level(
    vitals: dict[str, float], age: float | None, level: str | None
) -> None:
    levels = [each for each, _ in vital_levels(vitals, age=age)]

    assert levels == [] if level is None else level in levels
