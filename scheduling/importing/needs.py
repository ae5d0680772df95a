"""The sheet of demand: by date, or by weekday for every such day without a date."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import plain
from scheduling.importing.shifts import Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.ward import Need, Period, Staff
from scheduling.solver.instance import MAX_PEOPLE

DAYS_A_WEEK = 7
Place = tuple[int, str, str]  # a day or weekday, a shift, a skill


@dataclass(slots=True)
class _Found:
    """What rows ask for, and in which row each need stands."""

    by_date: dict[Place, tuple[int, int | None]] = field(default_factory=dict)
    by_weekday: dict[Place, tuple[int, int | None]] = field(default_factory=dict)
    rows: dict[tuple[bool, Place], int] = field(default_factory=dict)


def needs_of(
    table: Table,
    shifts: Shifts,
    people: Iterable[Staff],
    period: Period,
) -> tuple[Need, ...]:
    """Return what is needed each day, shifts in their order."""
    everybody = list(people)
    held = {
        plain(skill) or skill: skill for one in everybody for skill, _ in one.skills
    }
    found = _Found()
    for line in table:
        _read(line, shifts, held, period, found)
    _tell_unheld(table, found, everybody, period)
    return tuple(_spread(found, shifts, period))


def _read(
    line: Line,
    shifts: Shifts,
    held: Mapping[str, str],
    period: Period,
    found: _Found,
) -> None:
    shift = found_shift(line, shifts)
    least = line.whole("least", most=MAX_PEOPLE)
    most = line.whole("most", most=MAX_PEOPLE)
    days = list(_days(line, period))
    if least is None:
        line.needed("least")
        return
    if most is not None and most < least:
        line.tell("most_below_least", "most", most=most, least=least)
        return
    skill = line.text("skill")
    skill = held.get(plain(skill) or skill, skill)
    if shift:
        for is_date, day in days:
            place = (day, shift, skill)
            other = found.rows.setdefault((is_date, place), line.number)
            if other != line.number:
                line.tell("need_twice", "shift", other=other)
                return
            asked = (least, most if most is not None or skill else least)
            (found.by_date if is_date else found.by_weekday)[place] = asked


def found_shift(line: Line, shifts: Shifts) -> str:
    """Return the shift that a row needs named; empty, which is told, for none."""
    name = line.needed("shift")
    shift = shifts.find(name) if name else ""
    if name and not shift:
        line.tell("unknown_shift", "shift", value=name[:30], known=shifts.known)
    return shift


def _days(line: Line, period: Period) -> Iterator[tuple[bool, int]]:
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


def _tell_unheld(
    table: Table, found: _Found, people: list[Staff], period: Period
) -> None:
    """Tell skills that nobody holds, or fewer than are needed at once."""
    holders = Counter(
        skill for one in people for skill in {skill for skill, _until in one.skills}
    )
    asked: dict[str, tuple[int, int]] = {}
    for needs in (found.by_date, found.by_weekday):
        for place, (least, _most) in needs.items():
            is_date = needs is found.by_date
            if least > asked.get(place[2], (0, 0))[0]:
                asked[place[2]] = (least, found.rows[is_date, place])
    for skill, (least, row) in asked.items():
        if skill and holders[skill] < least:
            known = ", ".join(sorted(holders)[:20]) or "–"
            table.flaws.add(
                flaw(
                    "too_few_hold" if holders[skill] else "skill_unheld",
                    is_error=False,
                    sheet=table.title,
                    row=row,
                    column=table.heading("skill"),
                    value=skill[:30],
                    known=known,
                    count=holders[skill],
                    least=least,
                )
            )


def _spread(found: _Found, shifts: Shifts, period: Period) -> Iterator[Need]:
    order = {shift.id: place for place, shift in enumerate(shifts.types)}
    for day in range(period.days):
        weekday = (period.start.weekday() + day) % DAYS_A_WEEK
        usual = {
            (shift, skill): asked
            for (on, shift, skill), asked in found.by_weekday.items()
            if on == weekday
        }
        dated = {
            (shift, skill): asked
            for (on, shift, skill), asked in found.by_date.items()
            if on == day
        }
        asked = {**usual, **dated}
        for shift, skill in sorted(asked, key=lambda one: (order[one[0]], one[1])):
            least, most = asked[shift, skill]
            yield Need(day=day, shift=shift, skill=skill, least=least, most=most)


def tell_crowded(
    sheet: str,
    needs: Iterable[Need],
    people: int,
    leave: Mapping[str, frozenset[int]],
    period: Period,
    flaws: Flaws,
) -> None:
    """Tell the days that need more people than are there."""
    asked: Counter[int] = Counter()
    for need in needs:
        if not need.skill:
            asked[need.day] += need.least
    away = Counter(day for days in leave.values() for day in days)
    for day in sorted(asked):
        count = people - away[day]
        if asked[day] > count:
            on = period.start.fromordinal(period.start.toordinal() + day).isoformat()
            flaws.add(
                flaw(
                    "more_needed_than_people",
                    is_error=False,
                    sheet=sheet,
                    date=on,
                    least=asked[day],
                    count=count,
                )
            )
