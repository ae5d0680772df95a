"""The sheet of demand: how many are needed, and how many with a skill."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from scheduling.importing.days import ByDay, days_of
from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import plain, skill_named
from scheduling.importing.moments import Times, moments_of, name_of, times_between
from scheduling.importing.shifts import Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.ward import Need, Period, Staff
from scheduling.solver.instance import MAX_PEOPLE

MIX = ("per", "other")  # the columns that make a row ask for a mix of skills
Held = Mapping[str, str]  # skills as people have them, by their plain spelling
_What = tuple[str, Times | None, str]  # a shift or a time of day; a skill
_Needs = ByDay[_What, tuple[int, int | None]]  # least, most


def needs_of(
    table: Table,
    shifts: Shifts,
    people: Iterable[Staff],
    period: Period,
) -> tuple[Need, ...]:
    """Return what is needed each day, shifts in their order; rows of a mix are none."""
    everybody = list(people)
    held = held_by(everybody)
    found: _Needs = ByDay()
    for line in table:
        if not asks_for_mix(line):
            _read(line, shifts, held, period, found)
    _tell_unheld(table, found, everybody)
    return tuple(_spread(found, shifts, period))


def asks_for_mix(line: Line) -> bool:
    return any(line.is_filled(column) for column in MIX)


def held_by(people: Iterable[Staff]) -> Held:
    """Return the skills that people hold, to spell others as they stand there."""
    return {plain(skill) or skill: skill for one in people for skill, _ in one.skills}


def spelled(skill: str, held: Held) -> str:
    """Return a skill of a need as people have it."""
    named = skill_named(skill)
    return held.get(plain(named) or named, named)


def _read(
    line: Line, shifts: Shifts, held: Held, period: Period, found: _Needs
) -> None:
    times = _times(line, shifts)
    shift = "" if line.is_filled("times") else found_shift(line, shifts)
    least = line.whole("least", most=MAX_PEOPLE)
    most = line.whole("most", most=MAX_PEOPLE)
    days = list(days_of(line, period))
    if least is None:
        line.needed("least")
        return
    if most is not None and most < least:
        line.tell("most_below_least", "most", most=most, least=least)
        return
    skill = spelled(line.text("skill"), held)
    if times:
        found.add(line, days, ("", times, skill), (least, most))
    elif shift:
        asked = (least, most if most is not None or skill else least)
        found.add(line, days, (shift, None, skill), asked)


def _times(line: Line, shifts: Shifts) -> Times | None:
    """Return the time of day that a row asks for; one that nobody could work is told."""
    read = line.times("times")
    if read is None:
        return None
    if line.is_filled("shift"):
        line.tell("times_with_shift", "times")
        return None
    times = times_between(*read)
    for moment in moments_of(times, shifts.types):
        if not moment.serving:
            line.tell("times_unserved", "times", times=name_of(moment.times))
            return None
    return times


def found_shift(line: Line, shifts: Shifts) -> str:
    """Return the shift that a row needs named; empty, which is told, for none."""
    name = line.needed("shift")
    shift = shifts.find(name) if name else ""
    if name and not shift:
        line.tell("unknown_shift", "shift", value=name[:30], known=shifts.known)
    return shift


def holders_of(people: Iterable[Staff]) -> Counter[str]:
    """Return how many hold each skill."""
    return Counter(
        skill for one in people for skill in {skill for skill, _until in one.skills}
    )


def _tell_unheld(table: Table, found: _Needs, people: list[Staff]) -> None:
    """Tell skills that nobody holds, or fewer than are needed at once."""
    holders = holders_of(people)
    asked: dict[str, tuple[int, int]] = {}
    for (_shift, _times, skill), (least, _most), row in found:
        if least > asked.get(skill, (0, 0))[0]:
            asked[skill] = (least, row)
    for skill, (least, row) in asked.items():
        if skill and holders[skill] < least:
            table.flaws.add(
                flaw(
                    "too_few_hold" if holders[skill] else "skill_unheld",
                    is_error=False,
                    sheet=table.title,
                    row=row,
                    column=table.heading("skill"),
                    value=skill[:30],
                    known=", ".join(sorted(holders)[:20]) or "–",
                    count=holders[skill],
                    least=least,
                )
            )


def _spread(found: _Needs, shifts: Shifts, period: Period) -> Iterator[Need]:
    order = shifts.order
    for day in range(period.days):
        asked = found.on(day, period)

        def place(what: _What) -> tuple[int, Times, str]:
            shift, times, skill = what
            return order.get(shift, len(order)), times or (0, 0), skill

        for what in sorted(asked, key=place):
            shift, times, skill = what
            least, most = asked[what]
            yield Need(
                day=day, shift=shift, times=times, skill=skill, least=least, most=most
            )


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
        if need.shift and not need.skill:
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
