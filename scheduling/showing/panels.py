"""What stands beside the grid: what the judge says, and what the staff do not see yet."""

import json
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scheduling.exports.export import published_cells
from scheduling.models import Roster
from scheduling.problems import Cells, cells_of, judged, locked_cells
from scheduling.showing.board import Board, Told, board_of, broken_cells, told_of

COSTS_SHOWN = 100
PEOPLE_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Judgment:
    """What is said of a working copy, as the panel shows it.

    Attributes:
        is_empty: Nobody works yet, so that kept rules say nothing.
        marks: JSON: what is wrong in each cell, by person and day.
        sums: JSON: each person's hours, nights and weekends.
    """

    objective: int
    is_empty: bool
    hard: list[Told]
    costs: list[Told]
    costs_left: int
    penalties: list[tuple[str, int]]
    marks: str
    sums: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Cells that differ from what the staff see, and whose they are."""

    count: int
    people: list[tuple[str, int]]
    people_left: int


def judged_board(roster: Roster) -> tuple[Board, Judgment, Pending]:
    """Return the working copy, what the judge says of it, and what is not published."""
    verdict, cells = judged(roster).verdict, cells_of(roster)
    hard = told_of(verdict.hard)
    dearest = sorted(verdict.costs, key=lambda cost: -cost.cost)
    broken = broken_cells(hard)
    board = board_of(roster, cells, locks=locked_cells(roster), broken=broken)
    marks: dict[str, dict[int, tuple[str, ...]]] = {}
    for (person, day), words in broken.items():
        marks.setdefault(person, {})[day] = words
    penalties = sorted(verdict.penalties.items(), key=lambda item: -item[1])
    judgment = Judgment(
        objective=verdict.objective,
        is_empty=not cells,
        hard=hard,
        costs=told_of(dearest[:COSTS_SHOWN]),
        costs_left=max(len(verdict.costs) - COSTS_SHOWN, 0),
        penalties=[(_(rule), cost) for rule, cost in penalties],
        marks=json.dumps(marks, ensure_ascii=False),
        sums=json.dumps(
            {
                row.person.key: [row.hours, row.nights, row.weekends]
                for row in board.rows
            },
            ensure_ascii=False,
        ),
    )
    return board, judgment, _pending(roster, board, cells)


def _pending(roster: Roster, board: Board, working: Cells) -> Pending:
    told = published_cells(roster) if roster.current_id else {}
    differing = [c for c in {*working, *told} if working.get(c, "") != told.get(c, "")]
    by_person = Counter(person for person, _day in differing)
    names = {row.person.key: str(row.person) for row in board.rows}
    most = [(names[key], count) for key, count in by_person.most_common(PEOPLE_SHOWN)]
    return Pending(len(differing), most, max(len(by_person) - PEOPLE_SHOWN, 0))
