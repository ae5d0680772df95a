"""An instance as a model: every kind of rule, and the one function that models it.

| rule | function |
| --- | --- |
| Count, Run, Weekends | `keep_count`, `keep_run`, `keep_weekends`, one person's row |
| Pattern | `keep_pattern`, after `merged` made one row of what one row can say |
| Request | `keep_request`, one cell |
| Demand, Mix, Pair | `keep_demand`, `keep_mix`, `keep_pair`, several people |
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Count, Pattern, Rule, Run, Weekends
from scheduling.solver.search.model.cells import Cells, Choices
from scheduling.solver.search.model.counts import keep_count
from scheduling.solver.search.model.facts import keep_facts
from scheduling.solver.search.model.linear import LinearModel
from scheduling.solver.search.model.needs import (
    keep_demand,
    keep_mix,
    keep_pair,
    keep_request,
)
from scheduling.solver.search.model.patterns import keep_pattern, merged
from scheduling.solver.search.model.roster_model import RosterModel, everything
from scheduling.solver.search.model.runs import keep_run
from scheduling.solver.search.model.weekends import keep_weekends

Cell = tuple[int, int]  # person index, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What part of the roster is open; the rest stays as `around` has it.

    Attributes:
        around: The roster that the closed cells keep.
        free: The open cells.
    """

    around: Roster
    free: Set[Cell]


def possible(instance: Instance) -> Choices:
    """Return what each cell may hold by leave, pins, bars and skills alone."""
    days = range(instance.days)
    return [
        [instance.allowed(person, day) for day in days] for person in instance.people
    ]


def build(
    instance: Instance,
    *,
    choices: Choices | None = None,
    scope: Scope | None = None,
) -> RosterModel:
    """Return the model whose cheapest solution is the cheapest roster.

    Args:
        instance: What to model.
        choices: `possible(instance)`, where it is at hand already.
        scope: A part of the roster to search while the rest stays. Rules of people
            without an open cell, and needs that no open cell serves, are left out, with
            their costs.
    """
    whole = possible(instance) if choices is None else choices
    linear = LinearModel()
    cells = Cells(
        instance, linear, choices=_within(whole, scope), kept=_kept(instance, scope)
    )
    model = RosterModel(instance, cells, linear)
    _add_rules(model, _Open.of(instance, scope))
    model.weigh(lambda term: term.weight)
    return model


def build_guarded(instance: Instance) -> RosterModel:
    """Return the model with a switch for each hard rule; `model.guards` has them all.

    Leave, pins, bars and skills are rules of their own in it: every cell may hold
    anything unless its switch is on.
    """
    linear = LinearModel()
    anything = frozenset(everything(instance))
    choices = [[anything] * instance.days for _ in instance.people]
    cells = Cells(instance, linear, choices=choices)
    model = RosterModel(instance, cells, linear, is_guarded=True)
    keep_facts(model)
    _add_rules(model, _Open.of(instance, None))
    model.weigh(lambda term: term.weight)
    return model


@dataclass(frozen=True, slots=True)
class _Open:
    """Which people and days have an open cell."""

    people: frozenset[int]
    days: frozenset[int]
    cells: Set[Cell] | None

    @classmethod
    def of(cls, instance: Instance, scope: Scope | None) -> "_Open":
        if scope is None:
            people = frozenset(range(len(instance.people)))
            return cls(people, frozenset(range(instance.days)), None)
        return cls(
            frozenset(person for person, _day in scope.free),
            frozenset(day for _person, day in scope.free),
            scope.free,
        )

    def has(self, person: int, day: int) -> bool:
        return self.cells is None or (person, day) in self.cells


def _kept(instance: Instance, scope: Scope | None) -> dict[int, tuple[str, ...]]:
    """Return the rows without an open cell."""
    if scope is None:
        return {}
    opened = {person for person, _day in scope.free}
    rows = scope.around.rows
    return {
        person: rows[person]
        for person in range(len(instance.people))
        if person not in opened
    }


def _within(choices: Choices, scope: Scope | None) -> Choices:
    """Return the choices of open cells, and for closed ones what they hold."""
    if scope is None:
        return choices
    within = list(choices)
    for person in {person for person, _day in scope.free}:
        within[person] = [
            may if (person, day) in scope.free else frozenset({held})
            for day, (may, held) in enumerate(
                zip(choices[person], scope.around.rows[person], strict=True)
            )
        ]
    return within


def _add_rules(model: RosterModel, is_open: _Open) -> None:
    instance = model.instance
    for person in sorted(is_open.people):
        rules = instance.rules_of(instance.people[person])
        for rule in _prepared(rules, model):
            _add_rule(model, person, rule)
    for request in instance.requests:
        if is_open.has(instance.person_index[request.person], request.day):
            keep_request(model, request)
    _add_needs(model, is_open)


def _add_needs(model: RosterModel, is_open: _Open) -> None:
    instance = model.instance
    for demand in instance.demands:
        reach = {demand.day, demand.day - 1} if demand.shifts_before else {demand.day}
        if reach & is_open.days:
            keep_demand(model, demand)
    for mix in instance.mixes:
        if mix.day in is_open.days:
            keep_mix(model, mix)
    for pair in instance.pairs:
        both = {instance.person_index[pair.first], instance.person_index[pair.second]}
        if both & is_open.people:
            keep_pair(model, pair)


def _prepared(rules: Iterable[Rule], model: RosterModel) -> Iterable[Rule]:
    """Return the rules as they are modelled; those that are told apart stay as said."""
    rules = tuple(rules)
    if model.is_guarded:
        return rules
    patterns = [rule for rule in rules if isinstance(rule, Pattern)]
    others = [rule for rule in rules if not isinstance(rule, Pattern)]
    return [*others, *merged(patterns)]


def _add_rule(model: RosterModel, person: int, rule: Rule) -> None:
    if isinstance(rule, Count):
        keep_count(model, person, rule)
    elif isinstance(rule, Run):
        keep_run(model, person, rule)
    elif isinstance(rule, Weekends):
        keep_weekends(model, person, rule)
    else:
        keep_pattern(model, person, rule)
