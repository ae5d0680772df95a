"""What of a roster a page shows: one week or all of it, and whose rows in which order."""

import re
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from scheduling.forms.rosters import RowsForm
from scheduling.showing.board import Board, BoardRow, Day, weeks_of
from scheduling.solver.instance import Instance, Person

WEEK = "week"  # in the address: 1 for the first one, or
WHOLE = "all"
NUMBER = re.compile("[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are shown, and the addresses of the others.

    Attributes:
        first: The first day shown, and `last` the one after the last.
        week: Which week it is, from 1; 0 for the whole period.
        query: What asks for just this again.
        weekly: The week to begin with: of today, or the first.
        earlier: The week before; empty where there is none.
    """

    first: int
    last: int
    week: int
    query: str
    whole: str
    weekly: str
    earlier: str
    later: str


def span_of(query: QueryDict, days: tuple[Day, ...], *, today: date) -> Span:
    """Return which days an address asks for; one that asks badly gets all of them."""
    starts = _starts(days)
    asked = query.get(WEEK, "")
    number = int(asked) if NUMBER.fullmatch(asked) else 0
    week = number if 0 < number < len(starts) else 0
    begun = sum(days[place].date <= today for place in starts[:-1])
    return Span(
        first=starts[week - 1] if week else 0,
        last=starts[week] if week else len(days),
        week=week,
        query=_address(query, week or WHOLE),
        whole=_address(query, WHOLE),
        weekly=_address(query, max(begun, 1)),
        earlier=_address(query, week - 1) if week > 1 else "",
        later=_address(query, week + 1) if 0 < week < len(starts) - 1 else "",
    )


def cut(board: Board, span: Span) -> Board:
    """Return the board with the days of the span alone; sums stay of the whole period."""
    days = board.days[span.first : span.last]
    return replace(
        board,
        days=days,
        weeks=tuple(weeks_of(days)),
        rows=tuple(
            replace(row, cells=row.cells[span.first : span.last]) for row in board.rows
        ),
        covers=tuple(
            replace(row, cells=row.cells[span.first : span.last])
            for row in board.covers
        ),
    )


def arranged(board: Board, form: RowsForm, instance: Instance) -> Board:
    """Return the board with the rows that a form asks for, in its order."""
    asked = form.cleaned_data if form.is_valid() else {}
    people = {person.id: person for person in instance.people}
    rows = [
        row
        for row in board.rows
        if _belongs(people[row.person.key], asked.get("group", ""))
        and (row.is_broken or not asked.get("broken"))
    ]
    return replace(board, rows=tuple(_in_order(rows, people, asked.get("sort", ""))))


def groups_of(instance: Instance) -> list[str]:
    """Return the contracts and skills of the people, which rows can be chosen by."""
    contracts = {name for person in instance.people for name in person.contracts}
    skills = {held.skill for person in instance.people for held in person.skills}
    return [*sorted(contracts), *sorted(skills - contracts)]


def _starts(days: tuple[Day, ...]) -> list[int]:
    """Return the place of each week's first day, and of what comes after the last."""
    places = [0]
    for _first, count in weeks_of(days):
        places.append(places[-1] + count)
    return places


def _address(query: QueryDict, week: int | str) -> str:
    asked = query.copy()
    asked[WEEK] = str(week)
    return f"?{asked.urlencode()}"


def _belongs(person: Person, group: str) -> bool:
    held = (skill.skill for skill in person.skills)
    return not group or group in person.contracts or group in held


def _in_order(
    rows: list[BoardRow], people: dict[str, Person], order: str
) -> list[BoardRow]:
    if order == RowsForm.BY_NAME:
        return sorted(rows, key=lambda row: str(row.person).casefold())
    if order == RowsForm.BY_CONTRACT:
        return sorted(rows, key=lambda row: people[row.person.key].contracts)
    return rows
