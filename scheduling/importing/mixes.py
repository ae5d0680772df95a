"""Rows of demand that ask for a mix of skills: one senior for each three juniors."""

from collections.abc import Iterable, Iterator

from scheduling.importing.days import ByDay, days_of
from scheduling.importing.needs import (
    Held,
    asks_for_mix,
    found_shift,
    held_by,
    holders_of,
    spelled,
)
from scheduling.importing.shifts import Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.ward import Period, SkillMix, Staff
from scheduling.solver.instance import MAX_PEOPLE
from scheduling.solver.rules import MOST_OF_A_MIX

FILLED = ("skill", "least", "per", "other")  # what such a row fills
_Mixes = ByDay[tuple[str, str, str], tuple[int, int]]  # shift and skills; of, per


def mixes_of(
    table: Table, shifts: Shifts, people: Iterable[Staff], period: Period
) -> tuple[SkillMix, ...]:
    """Return the mixes of each day, shifts in their order."""
    everybody = list(people)
    held = held_by(everybody)
    holders = holders_of(everybody)
    found: _Mixes = ByDay()
    for line in table:
        if asks_for_mix(line):
            skills = _skills(line, held)
            if skills:
                _tell_unheld(line, skills, set(holders))
            _read(line, skills, shifts, period, found)
    return tuple(_spread(found, shifts, period))


def _read(
    line: Line,
    skills: tuple[str, str] | None,
    shifts: Shifts,
    period: Period,
    found: _Mixes,
) -> None:
    shift = found_shift(line, shifts)
    days = list(days_of(line, period))
    of = line.whole("least", least=1, most=MOST_OF_A_MIX)
    per = line.whole("per", least=1, most=MAX_PEOPLE)
    if line.is_filled("times"):
        line.tell("mix_with_times", "times")
    if line.is_filled("most"):
        line.tell("mix_with_most", "most")
    if shift and skills and of and per:
        found.add(line, days, (shift, *skills), (of, per))


def _skills(line: Line, held: Held) -> tuple[str, str] | None:
    """Return both skills of a mix; None, which is told, where the row is unfinished."""
    missing = [column for column in FILLED if not line.is_filled(column)]
    for column in missing:
        line.tell("mix_unfinished", column, name=line.table.heading(column))
    if missing:
        return None
    skill, other = (spelled(line.text(one), held) for one in ("skill", "other"))
    if skill == other:
        line.tell("mix_alike", "other", value=other[:30])
        return None
    return skill, other


def _tell_unheld(line: Line, skills: tuple[str, str], held: set[str]) -> None:
    skill, other = skills
    known = ", ".join(sorted(held)[:20]) or "–"
    if skill not in held:
        line.tell("skill_unheld", "skill", is_error=False, value=skill, known=known)
    if other not in held:
        line.tell("mix_idle", "other", is_error=False, value=other, known=known)


def _spread(found: _Mixes, shifts: Shifts, period: Period) -> Iterator[SkillMix]:
    order = shifts.order
    for day in range(period.days):
        asked = found.on(day, period)
        for key in sorted(asked, key=lambda one: (order[one[0]], one[1:])):
            shift, skill, other = key
            of, per = asked[key]
            yield SkillMix(
                day=day, shift=shift, skill=skill, other=other, of=of, per=per
            )
