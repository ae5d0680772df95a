"""Options after a sick call: what changes, for whom, and what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.message import Message, message
from scheduling.solver.repair import words
from scheduling.solver.repair.sick_call import Cell
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Cost, Verdict, verify

MIN_OPTIONS, MAX_OPTIONS = 3, 5


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that is no longer as it was published."""

    person: str
    day: int
    before: str
    after: str

    def message(self, instance: Instance) -> Message:
        code, template = _CHANGES[self.before != OFF, self.after != OFF]
        person = instance.people[instance.person_index[self.person]]
        return message(
            code,
            template,
            person=person.name or person.id,
            date=instance.date_of(self.day).isoformat(),
            before=_name(instance, self.before),
            after=_name(instance, self.after),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way on.

    Attributes:
        roster: The whole roster.
        changes: Every cell that differs, those of the absent last.
        changed_cells: How many cells differ besides the absent shifts themselves.
        people_disturbed: How many people these belong to.
        cover_cost: What cover then costs; `cover_loss` is how much more than before.
        objective: What the whole roster costs.
        uncovered: The costs of cover that were not there before.
        is_excused: The absent keep their contract only because illness excuses them.
        instance: The problem with the absences in it, and the excuses: by it no hard
            rule is broken that the published roster kept.
    """

    instance: Instance
    roster: Roster
    changes: tuple[CellChange, ...]
    changed_cells: int
    people_disturbed: int
    cover_cost: int
    cover_loss: int
    objective: int
    uncovered: tuple[Cost, ...]
    is_excused: bool

    @property
    def measures(self) -> tuple[int, int, int, bool]:
        """What options are compared by: each the smaller the better."""
        return (
            self.cover_loss,
            self.changed_cells,
            self.people_disturbed,
            self.is_excused,
        )

    def message(self) -> Message:
        return message(
            "option",
            words.OPTION,
            cells=self.changed_cells,
            people=self.people_disturbed,
            loss=self.cover_loss,
        )


_CHANGES = {
    (True, True): ("moved", words.MOVED),
    (False, True): ("called_in", words.CALLED_IN),
    (True, False): ("taken_off", words.TAKEN_OFF),
}


def option(
    asked: tuple[Instance, Instance],
    *,
    published: Roster,
    repaired: Roster,
    absent: frozenset[Cell],
) -> Option:
    """Return what a repaired roster means.

    Args:
        asked: The problem with the absences in it: the absent excused, and not.
        published: The roster as it was.
        repaired: The roster as it would be.
        absent: The cells that nobody can work.
    """
    lenient, strict = asked
    away = {strict.people[person].id for person, _day in absent}
    is_excused = any(one.person in away for one in verify(strict, repaired).hard)
    instance = lenient if is_excused else strict
    changed = [
        (person, day)
        for person, (before, after) in enumerate(
            zip(published.rows, repaired.rows, strict=True)
        )
        for day in range(instance.days)
        if before[day] != after[day]
    ]
    others = [cell for cell in changed if cell not in absent]
    was, verdict = verify(instance, published), verify(instance, repaired)
    before_cost, cover_cost = _cover(was), _cover(verdict)
    return Option(
        instance=instance,
        roster=repaired,
        changes=tuple(
            CellChange(
                instance.people[person].id,
                day,
                published.rows[person][day],
                repaired.rows[person][day],
            )
            for person, day in (*others, *(cell for cell in changed if cell in absent))
        ),
        changed_cells=len(others),
        people_disturbed=len({person for person, _day in others}),
        cover_cost=cover_cost,
        cover_loss=cover_cost - before_cost,
        objective=verdict.objective,
        uncovered=tuple(_new(was, verdict)),
        is_excused=is_excused,
    )


def breaks_nothing_new(instance: Instance, published: Roster, roster: Roster) -> bool:
    """Whether a roster keeps every hard rule that the published one kept."""
    was = {(one.person, one.rule) for one in verify(instance, published).hard}
    now = {(one.person, one.rule) for one in verify(instance, roster).hard}
    return now <= was


def chosen(options: Iterable[Option]) -> tuple[Option, ...]:
    """Return the options that no other one beats, the next best too where those are few.

    The best cover comes first, among equals the fewest changes.
    """
    ranked = sorted(options, key=lambda one: (*one.measures, one.objective))
    kept: list[Option] = []
    for one in ranked:
        if len(kept) < MAX_OPTIONS and not any(_beats(other, one) for other in kept):
            kept.append(one)
    others = [one for one in ranked if one not in kept]
    joined = others[: max(0, MIN_OPTIONS - len(kept))]
    return tuple(one for one in ranked if one in kept or one in joined)


def _beats(other: Option, one: Option) -> bool:
    pairs = zip(other.measures, one.measures, strict=True)
    return all(theirs <= ours for theirs, ours in pairs)


def _cover(verdict: Verdict) -> int:
    return sum(one.cost for one in verdict.costs if one.tier == "cover")


def _new(was: Verdict, verdict: Verdict) -> Iterable[Cost]:
    """Yield the costs of cover that the published roster did not have."""
    known = {(one.rule, one.days, one.values) for one in was.costs}
    for one in verdict.costs:
        if one.tier == "cover" and (one.rule, one.days, one.values) not in known:
            yield one


def _name(instance: Instance, shift: str) -> str:
    return "" if shift == OFF else instance.shift_by_id[shift].name or shift
