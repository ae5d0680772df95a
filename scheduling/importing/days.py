"""What rows of demand ask for: by date, or by weekday for every such day without a date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scheduling.importing.table import Line
from scheduling.importing.ward import Period

DAYS_A_WEEK = 7
Key = TypeVar("Key")
Asked = TypeVar("Asked")


@dataclass(slots=True)
class ByDay(Generic[Key, Asked]):
    """What is asked for on which day, and in which row; `Key` tells needs apart."""

    by_date: dict[tuple[int, Key], Asked] = field(default_factory=dict)
    by_weekday: dict[tuple[int, Key], Asked] = field(default_factory=dict)
    rows: dict[tuple[bool, int, Key], int] = field(default_factory=dict)

    def add(
        self, line: Line, days: Iterable[tuple[bool, int]], key: Key, asked: Asked
    ) -> None:
        """Add what a row asks for; one that asks again for the same is told."""
        for is_date, day in days:
            other = self.rows.setdefault((is_date, day, key), line.number)
            if other != line.number:
                column = "times" if line.is_filled("times") else "shift"
                line.tell("need_twice", column, other=other)
                return
            (self.by_date if is_date else self.by_weekday)[day, key] = asked

    def __iter__(self) -> Iterator[tuple[Key, Asked, int]]:
        """Yield all that is asked for, each with its row."""
        for is_date, found in ((True, self.by_date), (False, self.by_weekday)):
            for (day, key), asked in found.items():
                yield key, asked, self.rows[is_date, day, key]

    def on(self, day: int, period: Period) -> dict[Key, Asked]:
        """Return what a day of the period asks for; its date overrules its weekday."""
        weekday = (period.start.weekday() + day) % DAYS_A_WEEK
        usual = {
            key: one for (on, key), one in self.by_weekday.items() if on == weekday
        }
        dated = {key: one for (on, key), one in self.by_date.items() if on == day}
        return {**usual, **dated}


def days_of(line: Line, period: Period) -> Iterator[tuple[bool, int]]:
    """Yield whether it is a date, and the day of the period or the weekday."""
    if line.value("date") is not None:
        on = line.day("date")
        day = period.day_of(on) if on else None
        if day is not None:
            yield True, day
        elif on is not None:
            tell_outside(line, "date", on.isoformat(), period)
        return
    if line.value("weekday") is None:
        line.tell("day_missing", "weekday" if line.table.has("weekday") else "date")
        return
    for weekday in sorted(line.weekdays("weekday") or ()):
        yield False, weekday


def tell_outside(line: Line, column: str, value: str, period: Period) -> None:
    line.tell(
        "day_outside",
        column,
        is_error=False,
        value=value,
        first=period.start.isoformat(),
        last=period.last.isoformat(),
    )
