"""A swap of shifts on a published roster, judged: what it breaks, and what it costs."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import chain
from uuid import UUID

from scheduling.models import Leave, LeaveState, PublishedShift, Roster
from scheduling.problems import Cells, judge_of, locked_cells
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Cost, Judged, Violation

PUBLICATIONS_KEPT = 16  # of the wards that swap now

Breach = Violation | Cost
Place = tuple[str, str, int]  # person, rule, and for what is nobody's alone the day


@dataclass(frozen=True, slots=True)
class Exchange:
    """The giver's shift for one of the taker's, or for nothing.

    Attributes:
        giver, taker: Keys of two people.
        back_day, back_shift: What the giver works instead; None and "" for nothing.
    """

    giver: str
    taker: str
    day: int
    shift: str
    back_day: int | None = None
    back_shift: str = OFF

    def before(self) -> dict[tuple[str, int], str]:
        """Return the cells it touches as they must be now."""
        cells = {(self.giver, self.day): self.shift, (self.taker, self.day): OFF}
        if self.back_day is not None:
            cells.setdefault((self.giver, self.back_day), OFF)
            cells[self.taker, self.back_day] = self.back_shift
        return cells

    def after(self) -> dict[tuple[str, int], str]:
        """Return the same cells once it is done."""
        cells = {(self.giver, self.day): OFF}
        if self.back_day is not None:
            cells[self.taker, self.back_day] = OFF
            cells[self.giver, self.back_day] = self.back_shift
        cells[self.taker, self.day] = self.shift
        return cells


@dataclass(frozen=True, slots=True)
class Fixed:
    """Cells that stay as they are, and those of leave, which get no shift."""

    locked: frozenset[tuple[str, int]] = frozenset()
    away: frozenset[tuple[str, int]] = frozenset()

    def forbids(self, exchange: Exchange) -> bool:
        """Whether the exchange changes a locked cell, or puts a shift on leave."""
        return any(
            cell in self.locked or (shift != OFF and cell in self.away)
            for cell, shift in exchange.after().items()
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """A swap as the judge sees it; it is legal where it breaks nothing new."""

    exchange: Exchange
    broken: tuple[Violation, ...]
    cost_change: int
    dearer: tuple[Cost, ...]

    @property
    def is_legal(self) -> bool:
        return not self.broken


def published_judgment(roster: Roster) -> Judged:
    """Return the judgment of what the staff were told last."""
    if roster.current_id is None:
        message = "Only a published roster has been told to anybody."
        raise ValueError(message)
    return _judgment(roster.pk, roster.current_id, roster.problem_version)


def weigh(judgment: Judged, exchange: Exchange) -> Weighed:
    """Return what the exchange would break that is whole now, and what it would cost."""
    index = judgment.judge.instance.person_index
    cells = [(index[key], day, shift) for (key, day), shift in exchange.after().items()]
    after = judgment.with_cells(cells)
    old, new = list(_other(judgment, after)), list(_other(after, judgment))
    costs = [one for one in new if isinstance(one, Cost)]
    saved = sum(one.cost for one in old if isinstance(one, Cost))
    known = {one for one in old if isinstance(one, Cost)}
    return Weighed(
        exchange,
        broken=worse(old, new),
        cost_change=sum(one.cost for one in costs) - saved,
        dearer=tuple(one for one in costs if one.cost and one not in known),
    )


def worse(old: Iterable[Breach], new: Iterable[Breach]) -> tuple[Violation, ...]:
    """Return the violations of which there is more than before, by person and rule."""
    before, known = _severities(old), set(old)
    hard = [one for one in new if isinstance(one, Violation)]
    after = _severities(hard)
    return tuple(
        one
        for one in hard
        if one not in known and after[_place(one)] > before.get(_place(one), 0)
    )


def legal_swaps(
    judgment: Judged,
    *,
    giver: str,
    day: int,
    takers: Collection[str],
    fixed: Fixed,
    first_day: int,
) -> list[Weighed]:
    """Return every legal way to part with a shift, the cheapest first.

    Args:
        judgment: Of the published roster.
        giver: Key of who works the shift.
        day: The shift's day.
        takers: Keys of those who may be asked.
        fixed: What no swap may change.
        first_day: The first day whose shifts may still be swapped.
    """
    index = judgment.judge.instance.person_index
    rows = judgment.roster.rows
    own = rows[index[giver]]
    rowwise = _Rowwise(judgment)
    found = []
    for taker in takers:
        theirs = rows[index[taker]]
        for back in (None, *range(first_day, len(own))):
            if not _fits(own, theirs, day=day, back=back):
                continue
            exchange = Exchange(
                giver,
                taker,
                day,
                own[day],
                back,
                theirs[back] if back is not None else OFF,
            )
            if fixed.forbids(exchange) or rowwise.breaks(exchange):
                continue
            weighed = weigh(judgment, exchange)
            if weighed.is_legal:
                found.append(weighed)
    return sorted(
        found, key=lambda one: (one.cost_change, one.exchange.back_day is not None)
    )


class _Rowwise:
    """Sorts out what breaks a rule of one row alone, each row judged once."""

    def __init__(self, judgment: Judged) -> None:
        self._judgment = judgment
        self._known: dict[tuple[str, frozenset[tuple[int, str]]], bool] = {}

    def breaks(self, exchange: Exchange) -> bool:
        cells: dict[str, set[tuple[int, str]]] = {}
        for (key, day), shift in exchange.after().items():
            cells.setdefault(key, set()).add((day, shift))
        return any(self._row_breaks(key, frozenset(c)) for key, c in cells.items())

    def _row_breaks(self, key: str, cells: frozenset[tuple[int, str]]) -> bool:
        place = (key, cells)
        if place not in self._known:
            judge = self._judgment.judge
            index = judge.instance.person_index[key]
            row = list(self._judgment.roster.rows[index])
            for day, shift in cells:
                row[day] = shift
            self._known[place] = bool(
                worse(self._judgment.rows[index], judge.row(index, tuple(row)))
            )
        return self._known[place]


def _fits(
    own: tuple[str, ...], theirs: tuple[str, ...], *, day: int, back: int | None
) -> bool:
    """Whether both are where the exchange takes them from, and free where it puts them."""
    if back is None:
        return theirs[day] == OFF
    if back == day:
        return theirs[day] not in {OFF, own[day]}
    return theirs[day] == OFF and own[back] == OFF and theirs[back] != OFF


def _other(one: Judged, another: Judged) -> Iterator[Breach]:
    """Yield the breaches of those rows, days and pairs in which the two differ."""
    for mine, other in zip(
        chain(one.rows, one.days, one.pairs),
        chain(another.rows, another.days, another.pairs),
        strict=True,
    ):
        if mine is not other:
            yield from mine


def _severities(breaches: Iterable[Breach]) -> Mapping[Place, int]:
    """Return how much is broken, in units of its rule where the judge tells them."""
    sums: dict[Place, int] = {}
    for one in breaches:
        if isinstance(one, Violation):
            sums[_place(one)] = sums.get(_place(one), 0) + _units(one)
    return sums


def _place(one: Violation) -> Place:
    return one.person, one.rule, -1 if one.person else min(one.days, default=-1)


def _units(one: Violation) -> int:
    values = dict(one.values)
    count, limit = values.get("count"), values.get("limit")
    if isinstance(count, int) and isinstance(limit, int):
        return max(1, abs(count - limit))
    return 1


def told_cells(publication_id: UUID | None) -> Cells:
    """Return who works what by a publication; nobody does where there is none."""
    shifts = PublishedShift.objects.filter(publication=publication_id)
    rows = shifts.values_list("person__key", "day", "shift")
    return {(person, day): shift for person, day, shift in rows}


def fixed_cells(roster: Roster) -> Fixed:
    """Return what no swap of a roster changes: cells the ward locked, days of leave."""
    end = roster.start + timedelta(days=roster.days - 1)
    people = roster.people.filter(user__isnull=False)
    keys = dict(people.values_list("user_id", "key"))
    leaves = Leave.objects.filter(
        user__in=keys, state=LeaveState.APPROVED, first__lte=end, last__gte=roster.start
    )
    away = frozenset(
        (keys[leave.user_id], day) for leave in leaves for day in leave.days_in(roster)
    )
    return Fixed(locked_cells(roster), away)


@lru_cache(maxsize=PUBLICATIONS_KEPT)
def _judgment(roster_id: UUID, publication_id: UUID, problem_version: int) -> Judged:
    judge = judge_of(roster_id, problem_version)
    return judge.judge(Grid.of(judge.instance, told_cells(publication_id)))
