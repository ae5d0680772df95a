"""Leaves out of a whole instance what takes no part in a conflict of several people."""

from collections.abc import Sequence
from dataclasses import replace

from scheduling.solver.explain.deadline import Deadline, Undecided
from scheduling.solver.explain.fewest import fewest
from scheduling.solver.instance import Instance, Person
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Demand, Mix, Pair
from scheduling.solver.search.model.build import Scope, build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat

Need = Demand | Mix | Pair


def is_possible(hard: Instance, *, deadline: Deadline) -> bool:
    """Whether any roster keeps all hard rules.

    Raises:
        Undecided: The time was over first.
    """
    return a_roster(hard, deadline=deadline) is not None


def a_roster(
    hard: Instance, *, deadline: Deadline, scope: Scope | None = None
) -> Roster | None:
    """Return some roster that keeps all hard rules; None where there is none.

    Args:
        hard: The hard part of an instance.
        deadline: When to give up.
        scope: The cells that are open, where the others stay.

    Raises:
        Undecided: The time was over first.
    """
    model = build(hard, scope=scope)
    budget = Budget(seconds=deadline.seconds_left(), first_only=True)
    answer = solve_cpsat(model.linear, budget=budget)
    if answer.status == "unknown":
        message = "The time was over before a roster was found or ruled out."
        raise Undecided(message)
    return None if answer.values is None else model.roster(answer.values)


def narrowed(scope: Instance, *, deadline: Deadline) -> Instance:
    """Return the instance with only those needs and people that conflict.

    People who take no part stay, free of every rule but their skills. Where leave, fixed
    days, bars and skills conflict by themselves, the rules of all people are left out.
    """
    needs: tuple[Need, ...] = (*scope.demands, *scope.mixes, *scope.pairs)
    kept = fewest(
        needs, lambda some: is_possible(_of_needs(scope, some), deadline=deadline)
    )
    few = _of_needs(scope, kept)
    bare = replace(few, people=tuple(replace(one, rules=()) for one in few.people))
    within = _cells_of_needs(bare)
    is_bare = a_roster(bare, deadline=deadline, scope=within) is None
    people = fewest(
        few.people,
        lambda some: (
            a_roster(
                _of_people(bare if is_bare else few, some),
                deadline=deadline,
                scope=within if is_bare else None,
            )
            is not None
        ),
    )
    return _of_people(bare if is_bare else few, people)


def _cells_of_needs(bare: Instance) -> Scope:
    """Return the cells that needs ask of: without rules no other cell matters."""
    days = {one.day for one in bare.demands} | {one.day for one in bare.mixes}
    days |= {one.day - 1 for one in bare.demands if one.shifts_before and one.day}
    paired = {
        bare.person_index[person]
        for pair in bare.pairs
        for person in (pair.first, pair.second)
    }
    free = {
        (person, day)
        for person in range(len(bare.people))
        for day in range(bare.days)
        if day in days or person in paired
    }
    return Scope(around=Roster.empty(bare), free=free)


def without_needs(scope: Instance, gone: Instance) -> Instance:
    """Return the instance without the needs of another one."""
    return replace(
        scope,
        demands=tuple(one for one in scope.demands if one not in gone.demands),
        mixes=tuple(one for one in scope.mixes if one not in gone.mixes),
        pairs=tuple(one for one in scope.pairs if one not in gone.pairs),
    )


def _of_needs(scope: Instance, needs: Sequence[Need]) -> Instance:
    return replace(
        scope,
        demands=tuple(one for one in needs if isinstance(one, Demand)),
        mixes=tuple(one for one in needs if isinstance(one, Mix)),
        pairs=tuple(one for one in needs if isinstance(one, Pair)),
    )


def _of_people(scope: Instance, people: Sequence[Person]) -> Instance:
    bound = {person.id for person in people}
    return replace(
        scope,
        people=tuple(
            person if person.id in bound else _free(person) for person in scope.people
        ),
        requests=tuple(one for one in scope.requests if one.person in bound),
    )


def _free(person: Person) -> Person:
    return Person(
        id=person.id, name=person.name, skills=person.skills, history=person.history
    )
