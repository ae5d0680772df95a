"""What single cells say."""

from datetime import date

import pytest

from scheduling.importing.values import (
    Unreadable,
    Value,
    answer_of,
    clock_of,
    date_of,
    number_of,
    share_of,
    text_of,
    times_of,
    weekdays_of,
    with_date,
)

HUGE = pytest.param(10**400, id="more than a float holds")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-06-01", date(2026, 6, 1)),
        ("2026/6/1", date(2026, 6, 1)),
        ("2026年6月1日", date(2026, 6, 1)),
        ("1.6.2026", date(2026, 6, 1)),
        ("2026-06-01 00:00:00", date(2026, 6, 1)),
        (46174, date(2026, 6, 1)),  # as a spreadsheet counts days
    ],
)
def test_dates_are_read_however_they_are_kept(value: Value, expected: date) -> None:
    assert date_of(value) == expected


@pytest.mark.parametrize("value", ["6/1/2026", "2026-02-30", "soon", 12, True, 1e300])
def test_what_could_be_two_dates_or_none_is_refused(value: Value) -> None:
    with pytest.raises(Unreadable) as refused:
        date_of(value)

    assert refused.value.code == "no_date"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("07:00", 420),
        ("7", 420),
        ("7.30", 450),
        ("22:00:00", 1320),
        ("24:00", 1440),
        ("7时", 420),
        (7, 420),
        (7 / 24, 420),
        (0.29, 418),  # what is left of 07:00 where two decimals were kept
        (0.9375, 1350),
    ],
)
def test_times_of_day(value: Value, expected: int) -> None:
    assert clock_of(value) == expected


@pytest.mark.parametrize(
    "value", ["25:00", "07:60", "-1", 25, 1.5, "early", HUGE, float("nan")]
)
def test_what_is_no_time_of_day_is_refused(value: Value) -> None:
    with pytest.raises(Unreadable) as refused:
        clock_of(value)

    assert refused.value.code == "no_time"


@pytest.mark.parametrize("text", ["22:00-07:00", "22:00 – 7:00", "22至7", "22 to 07"])
def test_both_ends_of_a_shift_in_one_cell(text: str) -> None:
    assert times_of(text) == (1320, 420)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Sat, Sun", {5, 6}),
        ("fri-mon", {4, 5, 6, 0}),
        ("周一至周五", {0, 1, 2, 3, 4}),
        ("周末", {5, 6}),
        ("every day", set(range(7))),
        (3, {2}),
    ],
)
def test_weekdays(value: Value, expected: set[int]) -> None:
    assert weekdays_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5, 0.5), ("50 %", 0.5), (50, 0.5), ("0,75", 0.75), (1, 1)],
)
def test_shares(value: Value, expected: float) -> None:
    assert share_of(value) == expected


@pytest.mark.parametrize("value", [0, -1, 1.5, 101, HUGE, "half"])
def test_what_is_no_share_is_refused(value: Value) -> None:
    with pytest.raises(Unreadable):
        share_of(value)


def test_numbers_with_a_comma_and_without_an_end() -> None:
    assert number_of("38,5") == 38.5
    for endless in (float("inf"), float("nan"), 10**400, -(10**400), "9" * 40):
        with pytest.raises(Unreadable) as refused:
            number_of(endless)
        assert refused.value.code == "no_number"


def test_answers_in_both_languages() -> None:
    assert (answer_of("是"), answer_of("No"), answer_of("✓")) == (True, False, True)


@pytest.mark.parametrize(
    "text", ["senior (2026-09-30)", "senior until 2026-09-30", "senior：2026年9月30日"]
)
def test_a_skill_may_have_a_last_day(text: str) -> None:
    assert with_date(text) == ("senior", date(2026, 9, 30))


def test_a_number_is_a_staff_number_without_its_point() -> None:
    assert (text_of(1001.0), text_of(1001), text_of("\0A\x07")) == ("1001", "1001", "A")
