"""What a person's row of a roster must keep, or should: one class a rule, data only.

`weight` is the cost of one unit broken (a shift, a day, a weekend, a minute); None makes
the rule hard. `name` is the key under which its cost is told. Empty `shifts` stand for
every shift. Searching and verifying read these classes and never each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scheduling.solver.errors import InstanceError
from scheduling.solver.message import phrase

OFF = ""  # a day without a shift
RESERVE = "reserve"  # the name of a demand that asks for a few more beside another one
LONGEST_MINIMUM = 800  # days or weekends in a row: twice the longest horizon

Weight = int | None
Tier = Literal["cover", "contract", "fairness", "preference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How much is worked within some days.

    Attributes:
        shifts: The shifts that count.
        days: The days that count; empty for the whole horizon.
        window: Length of each window in days; 0 for one window over all of `days`. Those
            that lie in the horizon whole are judged, and of those that began in a
            person's history the most (`seams.windows_begun`); none that ends later.
        step: Days from the start of one window to the next; 1 for a rolling window.
        unit: Count shifts, or their paid minutes; of a night on which clocks change, those
            that really pass.
        beyond: Of minutes only those of each shift beyond so many count: its overtime.
        at_least, at_most: The range that costs nothing.
        before: What counts already from before the horizon (one window only); it is
            judged with the rest. The history counts by itself in windows alone.
    """

    name: str
    shifts: frozenset[str] = frozenset()
    days: tuple[int, ...] = ()
    window: int = 0
    step: int = 1
    unit: Literal["shifts", "minutes"] = "shifts"
    beyond: int = 0
    at_least: int | None = None
    at_most: int | None = None
    before: int = 0
    weight: Weight = None
    tier: Tier = "contract"

    def __post_init__(self) -> None:
        _need_range(self.name, self.at_least, self.at_most)
        _need_weight(self.name, self.weight)
        if self.beyond < 0 or (self.beyond and self.unit != "minutes"):
            message = phrase(
                "%(rule_name)s: only minutes are counted beyond some, and not %(beyond)s.",
                rule_name=self.name,
                beyond=self.beyond,
            )
            raise InstanceError(message)
        if self.window < 0 or self.step < 1:
            message = phrase(
                "%(rule_name)s: a window of %(window)s days every %(step)s cannot be.",
                rule_name=self.name,
                window=self.window,
                step=self.step,
            )
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How many days in a row something goes on.

    A run counts with its days in the history, but only the days that the horizon adds
    beyond `at_most` cost; a run of the history that day 0 ends costs what it lacks.

    Attributes:
        of: Days worked, days off, or days in any of `shifts`.
        open_start: A run that begins on the first day known (of the history; of the
            horizon where there is none) may be short: it may have begun earlier.
        open_end: A run that reaches the last day may be short: it may go on.
    """

    name: str
    of: Literal["work", "off", "shifts"] = "work"
    shifts: frozenset[str] = frozenset()
    at_least: int | None = None
    at_most: int | None = None
    open_start: bool = True
    open_end: bool = True
    weight: Weight = None
    tier: Tier = "contract"

    def __post_init__(self) -> None:
        _need_range(self.name, self.at_least, self.at_most)
        _need_weight(self.name, self.weight)
        if (self.of == "shifts") != bool(self.shifts):
            message = phrase(
                "%(rule_name)s: a run of shifts names them, any other names none.",
                rule_name=self.name,
            )
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sequence of days that should not occur; it ends within the horizon.

    Attributes:
        days: One set a day: the shifts that match there, with `OFF` among them where a
            free day matches. Every set is explicit and not empty.
        weekdays: The weekdays (0 is Monday) on which the sequence counts when it starts
            there; empty for every day.
        start_days: The days on which it counts when it starts there, those before the
            horizon below 0; empty for every day. A night on which clocks change has
            rules of its own.
        uses_history: Whether it may start in the days before the horizon.
    """

    name: str
    days: tuple[frozenset[str], ...]
    weekdays: frozenset[int] = frozenset()
    start_days: frozenset[int] = frozenset()
    uses_history: bool = True
    weight: Weight = None
    tier: Tier = "contract"

    def __post_init__(self) -> None:
        _need_weight(self.name, self.weight)
        if len(self.days) < 1 or not all(self.days):
            message = phrase(
                "%(rule_name)s: each day of a pattern names what matches there.",
                rule_name=self.name,
            )
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekends:
    """What is asked of weekends.

    A weekend is each stretch of `weekdays`, in their order, that lies in the horizon at
    least in part; it is worked when any of its days is. Days outside the horizon are not
    looked at.

    Attributes:
        measure: `count`: weekends worked. `run`: weekends worked in a row. `complete`:
            each weekend worked on all its days or none; a broken one costs `weight`.
            `identical`: each weekend worked in one shift throughout (free days differ
            from worked ones too); each day that differs from the one before costs.
        before: Weekends that count already (`count`) or were worked in a row just before
            the horizon (`run`).
        at_least: For `run`, what a run of weekends needs, also at the edges of the
            horizon; a run of `before` that ends at once costs what it lacks.
    """

    name: str
    measure: Literal["count", "run", "complete", "identical"] = "count"
    weekdays: tuple[int, ...] = (5, 6)
    at_least: int | None = None
    at_most: int | None = None
    before: int = 0
    weight: Weight = None
    tier: Tier = "contract"

    def __post_init__(self) -> None:
        _need_weight(self.name, self.weight)
        if self.measure in {"count", "run"}:
            _need_range(self.name, self.at_least, self.at_most)
        days = self.weekdays
        if not days or len(set(days)) < len(days) or not set(days) <= set(range(7)):
            message = phrase(
                "%(rule_name)s: a weekend has weekdays of 0 to 6, each once.",
                rule_name=self.name,
            )
            raise InstanceError(message)


Rule = Count | Run | Pattern | Weekends


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A wish for one day: to have one of these shifts (`is_on`), or none of them.

    Asking for a day off is asking for none of all shifts.
    """

    person: str
    day: int
    shifts: frozenset[str]
    is_on: bool
    weight: Weight
    name: str = "requests"
    tier: Tier = "preference"

    def __post_init__(self) -> None:
        _need_weight(self.name, self.weight)
        if not self.shifts:
            message = phrase(
                "The request of %(person)s for day %(day)s names no shift.",
                person=self.person,
                day=self.day,
            )
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two people who should share their shifts, or should not meet on one.

    Together: each day on which exactly one of them works one of `shifts`, or both in
    different ones, costs. Apart: each day on which both work the same of `shifts`.
    """

    name: str
    first: str
    second: str
    is_together: bool
    shifts: frozenset[str] = frozenset()
    weight: Weight = None
    tier: Tier = "preference"

    def __post_init__(self) -> None:
        _need_weight(self.name, self.weight)
        if self.first == self.second:
            message = phrase(
                "%(rule_name)s: %(person)s cannot be a pair alone.",
                rule_name=self.name,
                person=self.first,
            )
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How many people are needed at one time; each cell that serves counts one.

    Attributes:
        day: The day, counted from 0.
        shifts: Shifts of that day that serve it.
        shifts_before: Shifts begun the day before that reach into it.
        skill: Only people who hold it that day count; empty for everybody.
        at_least, at_most: The range that costs nothing.
        under_weight, over_weight: Cost of each person missing or beyond; None is hard.
    """

    day: int
    shifts: frozenset[str]
    shifts_before: frozenset[str] = frozenset()
    skill: str = ""
    at_least: int = 0
    at_most: int | None = None
    under_weight: Weight = None
    over_weight: Weight = None
    name: str = "cover"

    def __post_init__(self) -> None:
        where = phrase("demand of day %(day)s", day=self.day)
        _need_range(where, self.at_least, self.at_most)
        _need_weight(self.name, self.under_weight)
        _need_weight(self.name, self.over_weight)
        serving = self.shifts | self.shifts_before
        if not serving or OFF in serving:
            message = phrase(
                "%(where)s: it needs shifts that serve it; a day off is none.",
                where=where,
            )
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """At least so many of one skill for each so many of another, at one time.

    `of` people with `skill` are needed for each begun `per` people with `other` (people
    who hold both count as `skill` only): one senior for each three juniors.
    """

    name: str
    day: int
    shifts: frozenset[str]
    skill: str
    other: str
    of: int = 1
    per: int = 1
    weight: Weight = None

    def __post_init__(self) -> None:
        _need_weight(self.name, self.weight)
        if self.of < 1 or self.per < 1:
            message = phrase(
                "%(rule_name)s: %(of)s for each %(per)s cannot be.",
                rule_name=self.name,
                of=self.of,
                per=self.per,
            )
            raise InstanceError(message)


def _need_range(name: str, at_least: int | None, at_most: int | None) -> None:
    for bound in (at_least, at_most):
        if bound is not None and bound < 0:
            message = phrase(
                "%(name)s: %(bound)s is below zero.", name=name, bound=bound
            )
            raise InstanceError(message)
    if at_least is not None and at_most is not None and at_least > at_most:
        message = phrase(
            "%(name)s: at least %(at_least)s and at most %(at_most)s cannot both be.",
            name=name,
            at_least=at_least,
            at_most=at_most,
        )
        raise InstanceError(message)


def _need_weight(name: str, weight: Weight) -> None:
    if weight is not None and not 0 <= weight <= MAX_WEIGHT:
        message = phrase(
            "%(name)s: a weight of %(weight)s lies outside 0 to %(max_weight)s.",
            name=name,
            weight=weight,
            max_weight=MAX_WEIGHT,
        )
        raise InstanceError(message)


def shifts_named(rules: Iterable[Rule]) -> frozenset[str]:
    """Return every shift that the rules name."""
    named: set[str] = set()
    for rule in rules:
        if isinstance(rule, Pattern):
            named.update(*rule.days)
        elif isinstance(rule, Count | Run):
            named.update(rule.shifts)
    return frozenset(named - {OFF})


# A roster of what comes in (`formats/anji/sense.py`) costs at most 5e18, and 63 bits hold
# 9.2e18. Each of 200,000 rules of people has at most 400 windows, each off by at most
# 3.5 million minutes (as many before as in 400 days of 72 h) that weigh 10,000: 2.8e18;
# of shifts, runs and weekends a window is off by at most 1,200 at the full weight: 1e18.
# Of a million mixes each lacks at most 100 for each of 2,000 people: 2e18. A million
# demands miss 2,000 or have 4,000 too many (a day's and the night's before), 4e16; a
# million pairs are parted on 400 days, 4e15; a million wishes cost 1e13.
MAX_WEIGHT = 10_000_000
MOST_OF_A_MIX = 100
