"""The independent judge of rosters: it reads the rules and never the search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from scheduling.solver.errors import InstanceError
from scheduling.solver.instance import Instance, Person
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Pattern, Request, Rule, Run
from scheduling.solver.verify.cells import cell_judge, wishes_judge
from scheduling.solver.verify.counts import count_judge
from scheduling.solver.verify.cover import DayJudge, demand_judge, mix_judge
from scheduling.solver.verify.pairs import pair_judge
from scheduling.solver.verify.patterns import pattern_judge
from scheduling.solver.verify.row import Cells, Row, RowJudge
from scheduling.solver.verify.runs import run_judge
from scheduling.solver.verify.verdict import Breach, Verdict
from scheduling.solver.verify.weekends import weekend_judge

Breaches = tuple[Breach, ...]


def verify(instance: Instance, roster: Roster) -> Verdict:
    """Return the judgment of a roster: every hard rule broken, every cost, the total.

    Raises:
        InstanceError: The roster is not of this instance: its size, or a shift in it.
    """
    return Judge(instance).judge(roster).verdict


class Judge:
    """Everything that judges rosters of one instance, made ready once."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        wishes = _wishes(instance)
        self._rows = [
            _row_judges(instance, person, wishes[person.id])
            for person in instance.people
        ]
        self._days = _day_judges(instance)
        self._pairs = [pair_judge(pair, instance) for pair in instance.pairs]
        self._days_touched = _days_touched(instance)
        self._pairs_touched = _pairs_touched(instance)

    def judge(self, roster: Roster) -> "Judged":
        """Return the whole judgment of a roster, ready to be judged on after a change."""
        self._need_fit(roster)
        return Judged(
            judge=self,
            roster=roster,
            rows=tuple(map(self.row, range(len(self._rows)), roster.rows)),
            days=tuple(_all(judges, roster) for judges in self._days),
            pairs=tuple(tuple(judge(roster)) for judge in self._pairs),
        )

    def row(self, person: int, cells: Cells) -> Breaches:
        """Return the breaches of one person's row alone."""
        return tuple(chain.from_iterable(judge(cells) for judge in self._rows[person]))

    def day(self, day: int, roster: Roster) -> Breaches:
        """Return the breaches of one day's demands and mixes."""
        return _all(self._days[day], roster)

    def pair(self, place: int, roster: Roster) -> Breaches:
        return tuple(self._pairs[place](roster))

    def days_touched(self, day: int) -> tuple[int, ...]:
        """Return the days whose demands a cell of this day can serve."""
        return (day, day + 1) if day in self._days_touched else (day,)

    def pairs_touched(self, person: int) -> tuple[int, ...]:
        return self._pairs_touched.get(person, ())

    def need_shift(self, shift: str) -> None:
        if shift != OFF and shift not in self.instance.shift_by_id:
            message = f"The roster names the unknown shift {shift}."
            raise InstanceError(message)

    def _need_fit(self, roster: Roster) -> None:
        people, days = len(self.instance.people), self.instance.days
        if len(roster.rows) != people or any(len(row) != days for row in roster.rows):
            message = f"The roster is not one of {people} people and {days} days."
            raise InstanceError(message)
        for shift in set(chain.from_iterable(roster.rows)):
            self.need_shift(shift)


@dataclass(frozen=True)
class Judged:
    """A roster with what is broken in each row, day and pair."""

    judge: Judge
    roster: Roster
    rows: tuple[Breaches, ...]
    days: tuple[Breaches, ...]
    pairs: tuple[Breaches, ...]

    def with_cell(self, person: int, day: int, shift: str) -> "Judged":
        """Return the judgment after one cell changed; only what it touches is redone.

        Raises:
            InstanceError: The shift is unknown, or the cell lies outside the roster.
        """
        return self.with_cells([(person, day, shift)])

    def with_cells(self, cells: Iterable[tuple[int, int, str]]) -> "Judged":
        """Return the judgment after some cells changed: `(person, day, shift)`.

        Raises:
            InstanceError: A shift is unknown, or a cell lies outside the roster.
        """
        roster = self.roster
        people: set[int] = set()
        days: set[int] = set()
        for person, day, shift in cells:
            self._need_cell(person, day, shift)
            roster = roster.with_cell(person, day, shift)
            people.add(person)
            days.update(self.judge.days_touched(day))
        return self._redone(roster, people, days)

    def _redone(self, roster: Roster, people: set[int], days: set[int]) -> "Judged":
        of_rows, of_days, of_pairs = list(self.rows), list(self.days), list(self.pairs)
        for person in people:
            of_rows[person] = self.judge.row(person, roster.rows[person])
            for place in self.judge.pairs_touched(person):
                of_pairs[place] = self.judge.pair(place, roster)
        for day in days:
            of_days[day] = self.judge.day(day, roster)
        return Judged(
            self.judge, roster, tuple(of_rows), tuple(of_days), tuple(of_pairs)
        )

    def _need_cell(self, person: int, day: int, shift: str) -> None:
        self.judge.need_shift(shift)
        if not (0 <= person < len(self.rows) and 0 <= day < len(self.days)):
            message = f"The roster has no cell of person {person} on day {day}."
            raise InstanceError(message)

    @cached_property
    def verdict(self) -> Verdict:
        groups = chain(self.rows, self.days, self.pairs)
        return Verdict.of(
            chain.from_iterable(groups), offset=self.judge.instance.offset
        )


def _row_judges(
    instance: Instance, person: Person, wishes: Sequence[Request]
) -> list[RowJudge]:
    row = Row(instance, person)
    rules = [_rule_judge(rule, row) for rule in instance.rules_of(person)]
    return [cell_judge(row), *rules, wishes_judge(wishes, row)]


def _rule_judge(rule: Rule, row: Row) -> RowJudge:
    if isinstance(rule, Count):
        return count_judge(rule, row)
    if isinstance(rule, Run):
        return run_judge(rule, row)
    if isinstance(rule, Pattern):
        return pattern_judge(rule, row)
    return weekend_judge(rule, row)


def _wishes(instance: Instance) -> dict[str, list[Request]]:
    """Return the requests of each person, by their id."""
    wishes: dict[str, list[Request]] = {person.id: [] for person in instance.people}
    for request in instance.requests:
        wishes[request.person].append(request)
    return wishes


def _day_judges(instance: Instance) -> list[list[DayJudge]]:
    judges: list[list[DayJudge]] = [[] for _ in range(instance.days)]
    for demand in instance.demands:
        judges[demand.day].append(demand_judge(demand, instance))
    for mix in instance.mixes:
        judges[mix.day].append(mix_judge(mix, instance))
    return judges


def _all(judges: list[DayJudge], roster: Roster) -> Breaches:
    return tuple(chain.from_iterable(judge(roster) for judge in judges))


def _days_touched(instance: Instance) -> frozenset[int]:
    """Return the days whose shifts reach into a demand of the day after."""
    return frozenset(
        demand.day - 1 for demand in instance.demands if demand.shifts_before
    )


def _pairs_touched(instance: Instance) -> dict[int, tuple[int, ...]]:
    """Return the places of the pairs of each person, by their index."""
    touched: dict[int, tuple[int, ...]] = {}
    for place, pair in enumerate(instance.pairs):
        for person in (pair.first, pair.second):
            index = instance.person_index[person]
            touched[index] = (*touched.get(index, ()), place)
    return touched
