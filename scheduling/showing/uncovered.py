"""What is uncovered: for each need the days on which somebody is missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.models import Roster
from scheduling.problems import Cells, instance_of
from scheduling.showing.board import Cover, CoverRow, covers_of, days_of


@dataclass(frozen=True, slots=True)
class Gap:
    """A need of one day that too few people fill."""

    need: str
    cover: Cover


def uncovered_of(roster: Roster, cells: Cells) -> list[CoverRow]:
    """Return the needs that these cells leave uncovered, as rows over all days."""
    return uncovered(covers_of(instance_of(roster), cells, days_of(roster)))


def uncovered(rows: Iterable[CoverRow]) -> list[CoverRow]:
    """Return the needs in which somebody is missing; a reserve is no need."""
    return [row for row in rows if row.missing and not row.is_reserve]


def gaps_of(rows: Iterable[CoverRow]) -> list[Gap]:
    """Return what is uncovered day by day."""
    gaps = [
        Gap(row.name, cell)
        for row in rows
        for cell in row.cells
        if cell and cell.missing
    ]
    return sorted(gaps, key=lambda gap: gap.cover.day.day)
