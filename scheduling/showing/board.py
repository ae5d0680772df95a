"""A roster as a page shows it: people by days, cover a day, what is broken where."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from string import ascii_uppercase

from django.utils import formats

from scheduling.holidays import with_holidays
from scheduling.hours import MINUTES_AN_HOUR, clock, is_weekend
from scheduling.importing import times_named
from scheduling.models import Roster, RosterPerson
from scheduling.problems import Cells, instance_of, leave_of
from scheduling.saying.sentences import named, said
from scheduling.solver.instance import Instance, ShiftType
from scheduling.solver.rules import OFF, RESERVE, Demand, Mix
from scheduling.solver.verify import Cost, Violation

TONES = 5  # colours and shapes of shifts in the style sheet; nights have their own
NIGHT = "night"
KEYS = "1234567890" + ascii_uppercase  # what every keyboard sends; spare ones first
CHINESE_WEEKDAY = "星期"  # of the three characters the last one says it

Breach = Violation | Cost


@dataclass(frozen=True, slots=True)
class Look:
    """How a shift is shown, and the key that sets it."""

    id: str
    name: str
    key: str
    tone: str
    hours: str
    is_night: bool


@dataclass(frozen=True, slots=True)
class Day:
    day: int
    date: date
    is_weekend: bool
    is_holiday: bool

    @property
    def is_shaded(self) -> bool:
        return self.is_weekend or self.is_holiday

    @property
    def weekday(self) -> str:
        """The weekday in as few letters as its column has room for."""
        return formats.date_format(self.date, "D").removeprefix(CHINESE_WEEKDAY)


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One cell; `words` say what is broken there."""

    day: Day
    look: Look | None
    minutes: int = 0
    is_locked: bool = False
    is_leave: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One person's cells, and sums of the whole period.

    Attributes:
        nights: Of them and of `weekends` fairness counts.
        weekends: Weeks with a worked Saturday or Sunday.
    """

    person: RosterPerson
    cells: tuple[BoardCell, ...]
    hours: float
    nights: int
    weekends: int

    @classmethod
    def of(cls, person: RosterPerson, cells: tuple[BoardCell, ...]) -> "BoardRow":
        worked = [(cell.day, cell.look) for cell in cells if cell.look]
        weekends = [day.date for day, _look in worked if day.is_weekend]
        return cls(
            person=person,
            cells=cells,
            hours=sum(cell.minutes for cell in cells) / MINUTES_AN_HOUR,
            nights=sum(look.is_night for _day, look in worked),
            weekends=len({day.isocalendar()[:2] for day in weekends}),
        )

    @property
    def is_broken(self) -> bool:
        return any(cell.words for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Cover:
    """How many there are for one need of one day."""

    day: Day
    count: int
    least: int
    most: int | None

    @property
    def state(self) -> str:
        if self.count < self.least:
            return "under"
        if self.most is not None and self.count > self.most:
            return "over"
        return "met"

    @property
    def missing(self) -> int:
        return max(self.least - self.count, 0)


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One need over all days; a day without it has None.

    A reserve counts the people of the need that it stands beside again.
    """

    name: str
    cells: tuple[Cover | None, ...]
    is_reserve: bool = False

    @property
    def missing(self) -> int:
        return sum(cell.missing for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Board:
    """A whole roster, ready to be shown."""

    days: tuple[Day, ...]
    weeks: tuple[tuple[date, int], ...]  # the first day shown of each, how many days
    looks: tuple[Look, ...]
    rows: tuple[BoardRow, ...]
    covers: tuple[CoverRow, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A broken rule or a cost, in words, with the cell to look at first."""

    rule: str
    message: str
    cost: int | None
    key: str = ""
    day: int | None = None
    cells: tuple[tuple[str, int], ...] = field(default=())


def board_of(
    roster: Roster,
    cells: Cells,
    *,
    locks: Iterable[tuple[str, int]] = (),
    broken: Mapping[tuple[str, int], tuple[str, ...]] | None = None,
) -> Board:
    """Return the board of these cells; `broken` says what is wrong in which."""
    instance = instance_of(roster)
    days = tuple(_days(roster, instance))
    looks = {look.id: look for look in _looks(instance)}
    held, told = frozenset(locks), broken or {}
    leave = {(person.id, day) for person in instance.people for day in person.leave}
    leave |= set(leave_of(roster))  # what was approved since, too
    rows = tuple(
        BoardRow.of(
            person,
            tuple(
                BoardCell(
                    day=day,
                    look=looks.get(cells.get((person.key, day.day), OFF)),
                    minutes=_minutes(instance, cells, person.key, day.day),
                    is_locked=(person.key, day.day) in held,
                    is_leave=(person.key, day.day) in leave,
                    words=told.get((person.key, day.day), ()),
                )
                for day in days
            ),
        )
        for person in roster.people.select_related("user")
    )
    return Board(
        days,
        tuple(weeks_of(days)),
        tuple(looks.values()),
        rows,
        covers_of(instance, cells, days),
    )


def days_of(roster: Roster) -> tuple[Day, ...]:
    """Return the days of a roster as pages show them."""
    return tuple(_days(roster, instance_of(roster)))


def looks_of(roster: Roster) -> tuple[Look, ...]:
    """Return how each shift of a roster is shown."""
    return tuple(_looks(instance_of(roster)))


def covers_of(
    instance: Instance, cells: Cells, days: tuple[Day, ...]
) -> tuple[CoverRow, ...]:
    """Return each need of the problem over all days: shifts in their order, then times.

    Needs of one day that ask for the same shifts and skill have a row each, and so has
    each mix of skills.
    """
    order = {shift.id: place for place, shift in enumerate(instance.shift_types)}
    needs: dict[tuple[int, str, str, int], dict[int, Demand]] = {}
    taken: Counter[tuple[int, str, str]] = Counter()
    for demand in instance.demands:
        place = min(map(order.__getitem__, demand.shifts or demand.shifts_before))
        place += len(order) if times_named(demand.name) else 0
        name = _need_name(demand, order)
        same = (demand.day, demand.skill, name)
        needs.setdefault((place, demand.skill, name, taken[same]), {})[demand.day] = (
            demand
        )
        taken[same] += 1
    rows = [
        CoverRow(
            key[2],
            tuple(
                _cover(instance, cells, day, needs[key].get(day.day)) for day in days
            ),
            is_reserve=all(one.name == RESERVE for one in needs[key].values()),
        )
        for key in sorted(needs)
    ]
    return (*rows, *_mixes(instance, cells, days))


def _mixes(
    instance: Instance, cells: Cells, days: tuple[Day, ...]
) -> Iterator[CoverRow]:
    """Yield each mix over all days: who there is of the one skill, and is needed."""
    mixes: dict[tuple[str, frozenset[str]], dict[int, Mix]] = {}
    for mix in instance.mixes:
        mixes.setdefault((mix.name, mix.shifts), {})[mix.day] = mix
    for (name, _shifts), by_day in mixes.items():
        yield CoverRow(
            named(name),
            tuple(_mix(instance, cells, day, by_day.get(day.day)) for day in days),
        )


def _mix(instance: Instance, cells: Cells, day: Day, mix: Mix | None) -> Cover | None:
    if mix is None:
        return None
    shifts = mix.shifts or instance.all_shifts
    there = [
        person
        for person in instance.people
        if cells.get((person.id, day.day), OFF) in shifts
    ]
    count = sum(person.holds(mix.skill, day=day.day) for person in there)
    others = sum(
        person.holds(mix.other, day=day.day)
        and not person.holds(mix.skill, day=day.day)
        for person in there
    )
    return Cover(day, count, -(-others // mix.per) * mix.of, None)


def told_of(breaches: Iterable[Breach]) -> list[Told]:
    """Return broken rules and costs in the reader's language."""
    return [_told(breach) for breach in breaches]


def broken_cells(told: Iterable[Told]) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the words of each cell that something is wrong with."""
    words: dict[tuple[str, int], tuple[str, ...]] = {}
    for one in told:
        for cell in one.cells:
            words[cell] = (*words.get(cell, ()), one.message)
    return words


def _told(breach: Breach) -> Told:
    days = breach.days
    return Told(
        rule=named(breach.rule),
        message=said(breach.template, breach.values),
        cost=breach.cost if isinstance(breach, Cost) else None,
        key=breach.person,
        day=days[0] if days else None,
        cells=tuple((breach.person, day) for day in days) if breach.person else (),
    )


def _days(roster: Roster, instance: Instance) -> Iterator[Day]:
    holidays = with_holidays(instance).holidays
    for day in range(roster.days):
        on = roster.start + timedelta(days=day)
        yield Day(day, on, is_weekend(on), day in holidays)


def weeks_of(days: tuple[Day, ...]) -> Iterator[tuple[date, int]]:
    """Yield the first day of each week, and how many of the days are in it."""
    for _week, members in groupby(days, key=lambda day: day.date.isocalendar()[:2]):
        shown = list(members)
        yield shown[0].date, len(shown)


def months_of(days: tuple[Day, ...]) -> Iterator[tuple[date, int]]:
    """Yield the first day of each month, and how many of the days are in it."""
    for _month, members in groupby(days, key=lambda day: day.date.replace(day=1)):
        shown = list(members)
        yield shown[0].date, len(shown)


def _looks(instance: Instance) -> Iterator[Look]:
    keys = _keys(instance)
    tone = 0
    for shift in instance.shift_types:
        tone += not shift.is_night
        yield Look(
            id=shift.id,
            name=shift.name or shift.id,
            key=keys[shift.id],
            tone=NIGHT if shift.is_night else str((tone - 1) % TONES + 1),
            hours=_hours(shift),
            is_night=shift.is_night,
        )


def _keys(instance: Instance) -> dict[str, str]:
    """Return each shift's key: its first letter or digit, or else one that is left."""
    owners: dict[str, str] = {}
    for shift in instance.shift_types:
        if shift.id[0].upper() in KEYS:
            owners.setdefault(shift.id[0].upper(), shift.id)
    keys = {shift: key for key, shift in owners.items()}
    spare = (key for key in KEYS if key not in owners)
    for shift in instance.shift_types:
        if shift.id not in keys:
            keys[shift.id] = next(spare, "")
    return keys


def _minutes(instance: Instance, cells: Cells, person: str, day: int) -> int:
    """Return what a cell counts; what its problem no longer has counts nothing."""
    shift = cells.get((person, day), OFF)
    return instance.minutes(shift, day=day) if shift in instance.shift_by_id else 0


def _hours(shift: ShiftType) -> str:
    if shift.start_minute is None:
        return ""
    return f"{clock(shift.start_minute)}–{clock(shift.end_minute)}"


def _need_name(demand: Demand, order: Mapping[str, int]) -> str:
    shifts = demand.shifts | demand.shifts_before
    names = "+".join(sorted(shifts, key=order.__getitem__))
    if times_named(demand.name):
        names = f"{demand.name} {names}"
    who = RESERVE if demand.name == RESERVE else demand.skill
    return f"{names} {named(who)}" if who else names


def _cover(
    instance: Instance, cells: Cells, day: Day, demand: Demand | None
) -> Cover | None:
    if demand is None:
        return None
    count = sum(
        (
            cells.get((person.id, day.day), OFF) in demand.shifts
            or cells.get((person.id, day.day - 1), OFF) in demand.shifts_before
        )
        and (not demand.skill or person.holds(demand.skill, day=day.day))
        for person in instance.people
    )
    return Cover(day, count, demand.at_least, demand.at_most)
