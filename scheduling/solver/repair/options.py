"""Options after a sick call: what changes, for whom, and what it costs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.message import Message, message
from scheduling.solver.repair import words
from scheduling.solver.repair.sick_call import Cell
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.verify import Verdict, Violation, verify
from scheduling.solver.verify.verdict import Breach

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
        unmet: How many places more than before stay empty although they must be filled,
            or how many other hard rules that bind several people are broken more.
        cover_cost: What cover then costs; `cover_loss` is how much more than before.
        objective: What the whole roster costs.
        uncovered: What is not covered now and was before: needs first that must be met.
        is_excused: The absent keep their contract only because illness excuses them.
        instance: The problem with the absences in it, and the excuses: by it no hard
            rule is broken that the published roster kept, where `unmet` is 0.
    """

    instance: Instance
    roster: Roster
    changes: tuple[CellChange, ...]
    changed_cells: int
    people_disturbed: int
    unmet: int
    cover_cost: int
    cover_loss: int
    objective: int
    uncovered: tuple[Breach, ...]
    is_excused: bool

    @property
    def measures(self) -> tuple[int, int, int, int, bool]:
        """What options are compared by: each the smaller the better."""
        return (
            self.unmet,
            self.cover_loss,
            self.changed_cells,
            self.people_disturbed,
            self.is_excused,
        )

    def message(self) -> Message:
        told = {
            "cells": self.changed_cells,
            "people": self.people_disturbed,
            "loss": self.cover_loss,
        }
        if self.unmet > 0:
            return message("unmet", words.OPTION_UNMET, **told, unmet=self.unmet)
        return message("option", words.OPTION, **told)


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
        unmet=_unmet(instance, verdict) - _unmet(instance, was),
        cover_cost=cover_cost,
        cover_loss=cover_cost - before_cost,
        objective=verdict.objective,
        uncovered=tuple(_new(instance, was, verdict)),
        is_excused=is_excused,
    )


def breaks_nothing_new(instance: Instance, published: Roster, roster: Roster) -> bool:
    """Whether a roster keeps every hard rule that the published one kept."""
    before, after = verify(instance, published), verify(instance, roster)
    was = {(one.person, one.rule) for one in before.hard}
    now = {(one.person, one.rule) for one in after.hard}
    return now <= was and _unmet(instance, after) <= _unmet(instance, before)


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


def _unmet(instance: Instance, verdict: Verdict) -> int:
    """Return in how many places hard rules that bind several people are broken."""
    return sum(_places(one) for one in _shared(instance, verdict))


def _shared(instance: Instance, verdict: Verdict) -> Iterator[Violation]:
    pairs = {pair.name for pair in instance.pairs}
    for one in verdict.hard:
        if not one.person or one.rule in pairs:
            yield one


def _places(violation: Violation) -> int:
    values = dict(violation.values)
    count, limit = values.get("count"), values.get("limit")
    if isinstance(count, int) and isinstance(limit, int):
        return abs(limit - count)
    return 1


def _new(instance: Instance, was: Verdict, verdict: Verdict) -> Iterator[Breach]:
    """Yield the breaches of cover that the published roster did not have."""
    before: list[Breach] = [*was.hard, *was.costs]
    known = {(one.rule, one.days, one.values) for one in before}
    now: list[Breach] = list(_shared(instance, verdict))
    now += [one for one in verdict.costs if one.tier == "cover"]
    for one in now:
        if (one.rule, one.days, one.values) not in known:
            yield one


def _name(instance: Instance, shift: str) -> str:
    return "" if shift == OFF else instance.shift_by_id[shift].name or shift
