"""The kinds of clauses that working-time law and house rules are made of: data only."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduling.solver.errors import SolverError

MAX_HOURS = 200
MAX_WEEKS = 57  # as long as the longest horizon


class LawError(SolverError):
    """A profile that cannot be read, or that is not in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What every clause says of itself.

    Attributes:
        name: The name of the rules that it becomes.
        article: Where the source says it.
        since, until: First and last day in force; None without end.
        is_optional: Counts only where it is asked for by name.
    """

    name: str
    article: str = ""
    since: date | None = None
    until: date | None = None
    is_optional: bool = False

    def in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (
            self.until is None or on <= self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRest(Clause):
    """Hours without work between one shift and the next."""

    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRest(Clause):
    """Hours in a row without work around a free day of each week, Monday to Sunday.

    0 hours: any free day will do.
    """

    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftLength(Clause):
    """The longest shift, by the hours that really pass."""

    hours: int
    only_nights: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageHours(Clause):
    """Hours a week on average over a reference period; leave is left out of it."""

    hours_a_week: int
    weeks: int
    only_nights: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours(Clause):
    """Hours a week, Monday to Sunday, beyond which each hour costs."""

    hours: int
    weight_an_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyHours(Clause):
    """Hours of a shift beyond which each hour costs."""

    hours: int
    weight_an_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtime(Clause):
    """Hours a month beyond the normal hours of its working days."""

    normal_hours_a_day: int
    hours_a_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestRun(Clause):
    """Days, or nights, worked in a row."""

    of: Literal["work", "nights"]
    days: int
    weight: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OffAfterNights(Clause):
    """Free days between the last night and the next other shift."""

    days: int
    weight: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardRotation(Clause):
    """The next day's shift starts no earlier than today's."""

    weight: int | None = None


KINDS: dict[str, type[Clause]] = {
    "daily_rest": DailyRest,
    "weekly_rest": WeeklyRest,
    "shift_length": ShiftLength,
    "average_hours": AverageHours,
    "daily_hours": DailyHours,
    "weekly_hours": WeeklyHours,
    "overtime": Overtime,
    "longest_run": LongestRun,
    "off_after_nights": OffAfterNights,
    "forward_rotation": ForwardRotation,
}
