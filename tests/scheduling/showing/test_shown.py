"""Which days of a roster an address asks for, worked out on the calendar."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from scheduling.showing.board import Day
from scheduling.showing.shown import span_of

# From Friday 26 June to Sunday 2 August 2026: three months in part, six weeks.
DAYS = tuple(
    Day(
        day, date(2026, 6, 26) + timedelta(days=day), is_weekend=False, is_holiday=False
    )
    for day in range(38)
)
BEFORE, AFTER = date(2026, 1, 1), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("asked", "first", "last", "earlier", "later"),
    [
        ("", 0, 38, "", ""),
        ("week=all", 0, 38, "", ""),
        ("week=1", 0, 3, "", "?week=2"),
        ("week=6", 31, 38, "?week=5", ""),
        ("month=1", 0, 5, "", "?month=2"),
        ("month=2", 5, 36, "?month=1", "?month=3"),
        ("month=3", 36, 38, "?month=2", ""),
        ("month=4", 0, 38, "", ""),
        ("month=0", 0, 38, "", ""),
        ("week=7&month=2", 5, 36, "?month=1", "?month=3"),
    ],
)
def test_a_week_a_month_or_all_is_shown_and_its_neighbours_are_named(
    asked: str, first: int, last: int, earlier: str, later: str
) -> None:
    span = span_of(QueryDict(asked), DAYS, today=BEFORE)

    assert (span.first, span.last) == (first, last)
    assert (span.earlier, span.later) == (earlier, later)


@pytest.mark.parametrize(
    ("asked", "today", "weekly", "monthly"),
    [
        ("", BEFORE, "?week=1", "?month=1"),
        ("", date(2026, 7, 14), "?week=4", "?month=2"),
        ("", AFTER, "?week=6", "?month=3"),
        ("month=2", BEFORE, "?week=2", "?month=2"),
        ("month=2", date(2026, 7, 14), "?week=4", "?month=2"),
        ("month=2", AFTER, "?week=6", "?month=2"),
        ("week=6", BEFORE, "?week=6", "?month=2"),
    ],
)
def test_today_or_the_shown_day_nearest_to_it_is_where_another_span_begins(
    asked: str, today: date, weekly: str, monthly: str
) -> None:
    span = span_of(QueryDict(asked), DAYS, today=today)

    assert (span.weekly, span.monthly) == (weekly, monthly)


def test_all_else_that_was_asked_stays_asked() -> None:
    span = span_of(QueryDict("sort=name&month=1&week=x"), DAYS, today=BEFORE)

    assert span.whole == "?sort=name&week=all"
    assert span.later == "?sort=name&month=2"
    assert span.query == "?sort=name&month=1"
