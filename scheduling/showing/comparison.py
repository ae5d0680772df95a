"""Two rosters side by side: where they differ, and what each of them costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from hospital.core.errors import Conflict
from scheduling.models import Roster
from scheduling.problems import Cells, judgment_of
from scheduling.showing.board import Board, BoardRow, Day, Look, board_of, weeks_of
from scheduling.solver.errors import InstanceError
from scheduling.solver.verify import Verdict

Identity = tuple[
    str, str
]  # key and name: the same key may be somebody else's elsewhere


@dataclass(frozen=True)
class Side:
    """One of the two: its name, its board, and what the judge says of it."""

    name: str
    board: Board
    verdict: Verdict

    @classmethod
    def of(cls, name: str, roster: Roster, cells: Cells) -> "Side":
        """Return these cells of a roster, judged.

        Raises:
            Conflict: They name a person or shift that the roster has no more.
        """
        try:
            verdict = judgment_of(roster, cells).verdict
        except InstanceError as error:
            raise Conflict(
                _("%(name)s was made for other people or shifts than there are now.")
                % {"name": name},
                code="not_comparable",
            ) from error
        return cls(name, board_of(roster, cells), verdict)

    @property
    def missing(self) -> int:
        """How many people its cover lacks, over all needs and days."""
        return sum(row.missing for row in self.board.covers)

    @cached_property
    def rows(self) -> dict[Identity, BoardRow]:
        return {(row.person.key, row.person.name): row for row in self.board.rows}


@dataclass(frozen=True, slots=True)
class Pair:
    """One cell on both sides."""

    day: Day
    left: Look | None
    right: Look | None

    @property
    def differs(self) -> bool:
        return _id(self.left) != _id(self.right)


@dataclass(frozen=True, slots=True)
class PairRow:
    """One person's cells on both sides; a side that lacks the person has None."""

    name: str
    left: BoardRow | None
    right: BoardRow | None
    pairs: tuple[Pair, ...]

    @property
    def changed(self) -> int:
        return sum(pair.differs for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of each side."""

    name: str
    left: int
    right: int

    @property
    def change(self) -> int:
        return self.right - self.left

    @property
    def change_words(self) -> str:
        """The change with its sign, as it is printed."""
        return f"{self.change:+d}".replace("-", "−") if self.change else "0"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a page shows of two rosters.

    Attributes:
        rows: The people whose cells differ.
        figures: Cost, broken rules, what cover lacks.
        rules: What each rule costs, where it costs anything.
    """

    left: Side
    right: Side
    days: tuple[Day, ...]
    weeks: tuple[tuple[object, int], ...]
    rows: tuple[PairRow, ...]
    figures: tuple[Figure, ...]
    rules: tuple[Figure, ...]

    @property
    def changed(self) -> int:
        return sum(row.changed for row in self.rows)

    @property
    def looks(self) -> tuple[Look, ...]:
        """The shifts of the left, and those that only the right has."""
        known = {look.id for look in self.left.board.looks}
        other = (look for look in self.right.board.looks if look.id not in known)
        return (*self.left.board.looks, *other)


def comparison_of(left: Side, right: Side) -> Comparison:
    """Return where two rosters of the same length differ."""
    days = left.board.days
    rows = (_row(identity, left, right, days) for identity in _everybody(left, right))
    return Comparison(
        left=left,
        right=right,
        days=days,
        weeks=tuple(weeks_of(days)),
        rows=tuple(row for row in rows if row.changed),
        figures=(
            Figure(_("Cost"), left.verdict.objective, right.verdict.objective),
            Figure(_("Broken rules"), len(left.verdict.hard), len(right.verdict.hard)),
            Figure(_("People missing"), left.missing, right.missing),
        ),
        rules=tuple(_rules(left.verdict, right.verdict)),
    )


def _everybody(left: Side, right: Side) -> list[Identity]:
    return list(dict.fromkeys([*left.rows, *right.rows]))


def _row(identity: Identity, left: Side, right: Side, days: Sequence[Day]) -> PairRow:
    first, second = left.rows.get(identity), right.rows.get(identity)
    return PairRow(
        name=identity[1] or identity[0],
        left=first,
        right=second,
        pairs=tuple(
            Pair(day, _look(first, day.day), _look(second, day.day)) for day in days
        ),
    )


def _look(row: BoardRow | None, day: int) -> Look | None:
    return row.cells[day].look if row else None


def _id(look: Look | None) -> str:
    return look.id if look else ""


def _rules(left: Verdict, right: Verdict) -> Iterable[Figure]:
    names = dict.fromkeys([*left.penalties, *right.penalties])
    figures = [
        Figure(_(name), left.penalties.get(name, 0), right.penalties.get(name, 0))
        for name in names
    ]
    return sorted(figures, key=lambda one: (-abs(one.change), -one.left))
