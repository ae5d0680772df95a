"""A rostering problem, complete and checked: everything below it only computes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Literal
from zoneinfo import available_timezones

from scheduling.solver.clock import clock_changes
from scheduling.solver.errors import InstanceError
from scheduling.solver.message import phrase
from scheduling.solver.overlaps import overlaps, unsaid
from scheduling.solver.rules import (
    OFF,
    Demand,
    Mix,
    Pair,
    Pattern,
    Request,
    Rule,
    shifts_named,
)
from scheduling.solver.seams import windows_begun

MAX_DAYS = 400
MAX_PEOPLE = 2_000
MAX_SHIFT_TYPES = 200
MAX_RULES = 200_000  # of all people: each is judged by itself
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(9000, 12, 31)
MINUTES_A_DAY = 1440

Duty = Literal["", "site", "home"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftType:
    """A kind of shift.

    Attributes:
        start_minute: Minutes after local midnight; None where the source does not say.
        end_minute: The same, above 1440 when it ends on the next day.
        minutes: Paid minutes, of a day on which no clock changes.
        on_call: Where somebody is on call: on `site`, which is work like any other, or
            at `home`, which no law counts as work and which ends no rest; empty where
            the shift is worked.
        skill: The skill without which it cannot be worked; empty for none.
        group: What it is called outside, where several types (one a skill) stand for
            one shift; its own id otherwise.
    """

    id: str
    name: str = ""
    start_minute: int | None = None
    end_minute: int | None = None
    minutes: int = 0
    is_night: bool = False
    on_call: Duty = ""
    skill: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if self.id == OFF:
            message = phrase("A shift type needs an id.")
            raise InstanceError(message)
        if not 0 <= self.minutes <= 3 * MINUTES_A_DAY:
            message = phrase(
                "Shift %(id)s: %(minutes)s paid minutes cannot be.",
                id=self.id,
                minutes=self.minutes,
            )
            raise InstanceError(message)
        if (self.start_minute is None) != (self.end_minute is None):
            message = phrase(
                "Shift %(id)s has a start without an end, or an end alone.",
                id=self.id,
            )
            raise InstanceError(message)
        if (
            self.start_minute is not None
            and self.end_minute is not None
            and not 0 <= self.start_minute < self.end_minute
        ):
            message = phrase("Shift %(id)s ends before it starts.", id=self.id)
            raise InstanceError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSkill:
    """A skill or licence somebody holds; `until` is its last day, None without end."""

    skill: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Rules that several people share."""

    id: str
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to be rostered.

    Attributes:
        contracts: Whose rules bind them, all together.
        rules: Rules of their own besides.
        skills: What they hold.
        history: Their last days before the horizon, oldest first: a shift id or `OFF`;
            empty where nothing is known.
        leave: Days on which they work nothing.
        pinned: Days whose cell is decided: `(day, shift id or OFF)`.
        barred: Shifts they never work.
        fte: Share of a full-time post, for fair shares.
    """

    id: str
    name: str = ""
    contracts: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    skills: tuple[HeldSkill, ...] = ()
    history: tuple[str, ...] = ()
    leave: frozenset[int] = frozenset()
    pinned: tuple[tuple[int, str], ...] = ()
    barred: frozenset[str] = frozenset()
    fte: float = 1.0

    def holds(self, skill: str, *, day: int) -> bool:
        """Whether they hold the skill on that day."""
        return any(
            held.skill == skill and (held.until is None or day <= held.until)
            for held in self.skills
        )


@dataclass(frozen=True, kw_only=True)
class Instance:
    """The whole problem.

    Attributes:
        start: The date of day 0; it decides weekdays.
        days: Length of the horizon.
        holidays: Days that are public holidays.
        timezone: Where the shifts are worked; decides the length of a night when clocks
            change. Empty where every day has 24 hours.
        may_overlap: Shifts of one person may overlap by the clock, as formats have it
            that judge no times.

    Raises:
        InstanceError: Ids repeat, something unknown is named, a day lies outside, or
            there is more than can be rostered at once.
    """

    name: str
    start: date
    days: int
    shift_types: tuple[ShiftType, ...]
    people: tuple[Person, ...]
    contracts: tuple[Contract, ...] = ()
    demands: tuple[Demand, ...] = ()
    requests: tuple[Request, ...] = ()
    pairs: tuple[Pair, ...] = ()
    mixes: tuple[Mix, ...] = ()
    holidays: frozenset[int] = frozenset()
    timezone: str = ""
    may_overlap: bool = False
    offset: int = field(default=0)  # added to every objective: what the format fixes

    def __post_init__(self) -> None:
        _need_size(phrase("days"), self.days, MAX_DAYS)
        _need_size(phrase("people"), len(self.people), MAX_PEOPLE)
        _need_size(phrase("shift types"), len(self.shift_types), MAX_SHIFT_TYPES)
        self._need_calendar()
        _need_once(phrase("person"), (person.id for person in self.people))
        _need_once(phrase("shift"), (shift.id for shift in self.shift_types))
        _need_once(phrase("contract"), (contract.id for contract in self.contracts))
        _need_few_rules(len(contract.rules) for contract in self.contracts)
        for person in self.people:
            self._check_person(person)
        _need_few_rules(self._rule_count(person) for person in self.people)
        for contract in self.contracts:
            self._need_shifts(
                shifts_named(contract.rules),
                phrase("contract %(contract)s", contract=contract.id),
            )
        self._check_needs()

    @cached_property
    def shift_by_id(self) -> dict[str, ShiftType]:
        return {shift.id: shift for shift in self.shift_types}

    @cached_property
    def person_index(self) -> dict[str, int]:
        """Position of each person, by id."""
        return {person.id: index for index, person in enumerate(self.people)}

    @cached_property
    def all_shifts(self) -> frozenset[str]:
        return frozenset(self.shift_by_id)

    @cached_property
    def clock_changes(self) -> dict[tuple[int, str], int]:
        """Return by day and shift the minutes that are worked more, or fewer, than usual."""
        return clock_changes(self)

    def minutes(self, shift: str, *, day: int, beyond: int = 0) -> int:
        """Return what a shift counts on a day: its paid minutes, as the clock has them.

        A night on which clocks change is an hour longer or shorter, and is worked so.
        With `beyond` only its minutes above so many count.
        """
        usual = self.shift_by_id[shift].minutes
        return max(0, usual + self.clock_changes.get((day, shift), 0) - beyond)

    @cached_property
    def home_shifts(self) -> frozenset[str]:
        """Return the shifts that are stand-by at home."""
        return frozenset(one.id for one in self.shift_types if one.on_call == "home")

    @cached_property
    def contract_by_id(self) -> dict[str, Contract]:
        return {contract.id: contract for contract in self.contracts}

    @cached_property
    def overlaps(self) -> tuple[Pattern, ...]:
        """What the clock forbids everybody, whatever their rules."""
        return () if self.may_overlap else overlaps(self.shift_types)

    def rules_of(self, person: Person) -> tuple[Rule, ...]:
        """Return every rule that binds a person: of contracts, their own, the clock's.

        Of a rolling window that began before the horizon it is what the history leaves.
        """
        shared = (self.contract_by_id[name].rules for name in person.contracts)
        rules = (*(rule for rules in shared for rule in rules), *person.rules)
        begun = windows_begun(rules, person.history, self)
        return (*rules, *begun, *unsaid(self.overlaps, rules))

    def date_of(self, day: int) -> date:
        return self.start + timedelta(days=day)

    def weekday(self, day: int) -> int:
        """Return 0 for Monday to 6 for Sunday; days before the horizon are negative."""
        return (self.start.weekday() + day) % 7

    def allowed(self, person: Person, day: int) -> frozenset[str]:
        """Return what a cell may hold by leave, pins, bars and skills; OFF among it."""
        for pinned_day, pinned in person.pinned:
            if pinned_day == day:
                return frozenset({pinned})
        if day in person.leave:
            return frozenset({OFF})
        can = {
            shift.id
            for shift in self.shift_types
            if shift.id not in person.barred
            and (not shift.skill or person.holds(shift.skill, day=day))
        }
        return frozenset(can | {OFF})

    def _need_calendar(self) -> None:
        if not FIRST_DATE <= self.start <= LAST_DATE - timedelta(days=self.days):
            message = phrase(
                "The start %(start)s lies outside %(first_date)s to %(last_date)s.",
                start=str(self.start),
                first_date=str(FIRST_DATE),
                last_date=str(LAST_DATE),
            )
            raise InstanceError(message)
        if self.timezone and self.timezone not in _timezones():
            message = phrase(
                "The time zone %(timezone)s is not known.",
                timezone=repr(self.timezone[:60]),
            )
            raise InstanceError(message)

    def _rule_count(self, person: Person) -> int:
        shared = (len(self.contract_by_id[name].rules) for name in person.contracts)
        return sum(shared) + len(person.rules)

    def _check_person(self, person: Person) -> None:
        where = phrase("person %(person)s", person=person.id)
        unknown = set(person.contracts) - set(self.contract_by_id)
        if unknown:
            message = phrase(
                "%(where)s names the unknown contract %(unknown)s.",
                where=where,
                unknown=min(unknown),
            )
            raise InstanceError(message)
        _need_once(phrase("contract of %(where)s", where=where), person.contracts)
        pinned = frozenset(shift for _day, shift in person.pinned)
        named = shifts_named(person.rules) | pinned | person.barred
        self._need_shifts(named | frozenset(person.history), where)
        self._need_days({*person.leave, *(day for day, _ in person.pinned)}, where)
        _need_once(
            phrase("pinned day of %(where)s", where=where),
            (str(day) for day, _ in person.pinned),
        )

    def _check_needs(self) -> None:
        for demand in self.demands:
            where = phrase("demand of day %(day)s", day=demand.day)
            self._need_shifts(demand.shifts | demand.shifts_before, where)
            self._need_days({demand.day}, where)
        for mix in self.mixes:
            self._need_shifts(mix.shifts, mix.name)
            self._need_days({mix.day}, mix.name)
        for request in self.requests:
            where = phrase("request of %(person)s", person=request.person)
            self._need_people({request.person}, where)
            self._need_shifts(request.shifts, where)
            self._need_days({request.day}, where)
        for pair in self.pairs:
            self._need_people({pair.first, pair.second}, pair.name)
            self._need_shifts(pair.shifts, pair.name)

    def _need_shifts(self, named: frozenset[str], where: str) -> None:
        unknown = named - self.all_shifts - {OFF}
        if unknown:
            message = phrase(
                "%(where)s names the unknown shift %(unknown)s.",
                where=where,
                unknown=min(unknown),
            )
            raise InstanceError(message)

    def _need_people(self, named: set[str], where: str) -> None:
        unknown = named - set(self.person_index)
        if unknown:
            message = phrase(
                "%(where)s names the unknown person %(unknown)s.",
                where=where,
                unknown=min(unknown),
            )
            raise InstanceError(message)

    def _need_days(self, days: set[int], where: str) -> None:
        outside = [day for day in days if not 0 <= day < self.days]
        if outside:
            message = phrase(
                "%(where)s names day %(outside)s, outside 0 to %(days)s.",
                where=where,
                outside=min(outside),
                days=self.days - 1,
            )
            raise InstanceError(message)


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _need_few_rules(counts: Iterable[int]) -> None:
    count = sum(counts)
    if count > MAX_RULES:
        message = phrase(
            "%(count)s rules of people: at most %(max_rules)s can be judged.",
            count=count,
            max_rules=MAX_RULES,
        )
        raise InstanceError(message)


def _need_size(what: str, count: int, most: int) -> None:
    if not 1 <= count <= most:
        message = phrase(
            "%(count)s %(what)s: between 1 and %(most)s can be rostered at once.",
            count=count,
            what=what,
            most=most,
        )
        raise InstanceError(message)


def _need_once(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            message = phrase("The %(what)s %(one)s is there twice.", what=what, one=one)
            raise InstanceError(message)
        seen.add(one)
