"""Judges single cells: leave, what is fixed, bars, skills, and wishes."""

from collections.abc import Iterator, Sequence

from scheduling.solver.rules import OFF, Request
from scheduling.solver.verify import words
from scheduling.solver.verify.row import Cells, Row, RowJudge, shifts_told
from scheduling.solver.verify.verdict import Breach, Stake, Violation

LEAVE, PINNED, BARRED, SKILL = "leave", "pinned", "barred", "skill"  # rule names


def cell_judge(row: Row) -> RowJudge:
    """Return the judge of what each cell may hold: pins before leave, bars and skills."""
    person = row.person
    pinned = dict(person.pinned)
    skill_of = {shift.id: shift.skill for shift in row.instance.shift_types}

    def judge(cells: Cells) -> Iterator[Breach]:
        for day, wanted in pinned.items():
            if cells[day] != wanted:
                yield _told(row, PINNED, words.PINNED, day, cells[day], wanted=wanted)
        for day, cell in enumerate(cells):
            if cell == OFF or day in pinned:
                continue
            skill = skill_of[cell]
            if day in person.leave:
                yield _told(row, LEAVE, words.LEAVE, day, cell)
            elif cell in person.barred:
                yield _told(row, BARRED, words.BARRED, day, cell)
            elif skill and not person.holds(skill, day=day):
                yield _told(row, SKILL, words.SKILL, day, cell, skill=skill)

    return judge


def wishes_judge(wishes: Sequence[Request], row: Row) -> RowJudge:
    """Return the judge of one person's wishes."""

    def judge(cells: Cells) -> Iterator[Breach]:
        for wish in wishes:
            if (cells[wish.day] in wish.shifts) != wish.is_on:
                yield _missed(wish, row)

    return judge


def _missed(wish: Request, row: Row) -> Breach:
    is_free_day = row.instance.all_shifts <= wish.shifts
    template = words.WISHED_FREE if is_free_day else words.WISHED_OFF
    return Stake(wish.name, wish.tier, wish.weight).breach(
        words.WISHED_ON if wish.is_on else template,
        person=wish.person,
        days=(wish.day,),
        units=1,
        values=(
            ("person", row.name),
            ("shift", shifts_told(row.instance, wish.shifts)),
            ("date", row.date(wish.day)),
        ),
    )


def _told(
    row: Row, rule: str, template: str, day: int, cell: str, **more: str
) -> Violation:
    values = (
        ("person", row.name),
        ("shift", row.shift(cell)),
        ("date", row.date(day)),
        *(
            (key, row.shift(value) if key == "wanted" else value)
            for key, value in more.items()
        ),
    )
    return Violation(row.person.id, rule, (day,), template, values)
