"""Leaves out of a whole instance what takes no part in a conflict of several people."""

from collections.abc import Sequence
from dataclasses import replace

from scheduling.solver.explain.deadline import Deadline, Undecided
from scheduling.solver.explain.fewest import fewest
from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import Demand, Mix, Pair
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat

Need = Demand | Mix | Pair


def is_possible(scope: Instance, *, deadline: Deadline) -> bool:
    """Whether any roster keeps all hard rules.

    Raises:
        Undecided: The time was over first.
    """
    budget = Budget(seconds=deadline.seconds_left(), first_only=True)
    answer = solve_cpsat(build(scope).linear, budget=budget)
    if answer.status == "unknown":
        message = "The time was over before a roster was found or ruled out."
        raise Undecided(message)
    return answer.status != "infeasible"


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
    if not is_possible(bare, deadline=deadline):
        few = bare
    people = fewest(
        few.people, lambda some: is_possible(_of_people(few, some), deadline=deadline)
    )
    return _of_people(few, people)


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
