"""What of a roster a page shows: a week, a month or all; whose rows in which order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from scheduling.forms.rosters import RowsForm
from scheduling.showing.board import Board, BoardRow, Day, months_of, weeks_of
from scheduling.solver.instance import Instance, Person

WEEK, MONTH = "week", "month"  # in the address: 1 for the first one
WHOLE = "all"  # as its week
NUMBER = re.compile("[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are shown, and the addresses of the others.

    Attributes:
        first: The first day shown, and `last` the one after the last.
        part: A "week", a "month", or "all" of the period.
        asked: The name and value in an address that ask for just this.
        query: The same, with all else that the page was asked for.
        weekly: A week of these days: today's, or the one nearest to it.
        monthly: Likewise a month; empty where the period has only one.
        earlier: The week or month before; empty where there is none.
    """

    first: int
    last: int
    part: str
    asked: tuple[str, str]
    query: str
    whole: str
    weekly: str
    monthly: str
    earlier: str
    later: str


def span_of(query: QueryDict, days: tuple[Day, ...], *, today: date) -> Span:
    """Return which days an address asks for; one that asks badly gets all of them."""
    starts = {
        WHOLE: [0, len(days)],
        MONTH: _starts(months_of(days)),
        WEEK: _starts(weeks_of(days)),
    }
    part, number = _asked(query, starts)
    first, last = starts[part][number - 1 : number + 1]
    near = min(max(today, days[first].date), days[last - 1].date)

    def address(part: str, number: int) -> str:
        known = 0 < number < len(starts[part])
        return _address(query, _pair(part, number)) if known else ""

    def nearest(part: str) -> str:
        begun = sum(days[place].date <= near for place in starts[part][:-1])
        return address(part, begun)

    return Span(
        first=first,
        last=last,
        part=part,
        asked=_pair(part, number),
        query=address(part, number),
        whole=address(WHOLE, 1),
        weekly=nearest(WEEK),
        monthly=nearest(MONTH) if len(starts[MONTH]) > 2 else "",
        earlier=address(part, number - 1),
        later=address(part, number + 1),
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


def _starts(parts: Iterator[tuple[date, int]]) -> list[int]:
    """Return the place of each part's first day, and of what comes after the last."""
    places = [0]
    for _first, count in parts:
        places.append(places[-1] + count)
    return places


def _asked(query: QueryDict, starts: dict[str, list[int]]) -> tuple[str, int]:
    for part in (WEEK, MONTH):
        asked = query.get(part, "")
        if NUMBER.fullmatch(asked) and 0 < int(asked) < len(starts[part]):
            return part, int(asked)
    return WHOLE, 1


def _pair(part: str, number: int) -> tuple[str, str]:
    return (WEEK, WHOLE) if part == WHOLE else (part, str(number))


def _address(query: QueryDict, pair: tuple[str, str]) -> str:
    asked = query.copy()
    for part in (WEEK, MONTH):
        asked.pop(part, None)
    asked[pair[0]] = pair[1]
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
