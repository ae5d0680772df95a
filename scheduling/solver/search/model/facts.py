"""Models what single cells may hold, as rules that can be told apart."""

from collections.abc import Iterator

from scheduling.solver.instance import Instance, Person
from scheduling.solver.rules import OFF
from scheduling.solver.search.model.roster_model import Reason, RosterModel, everything

# The names under which the verifier tells the same rules.
LEAVE, PINNED, BARRED, SKILL = "leave", "pinned", "barred", "skill"


def keep_facts(model: RosterModel) -> None:
    """Keep leave, pins, bars and skills: a pinned cell knows no other fact."""
    for index, person in enumerate(model.instance.people):
        for rule, day, shifts in _facts(model.instance, person):
            reason = Reason(person.id, rule, (day,))
            is_broken = model.cells.in_any(index, day, shifts)
            model.require(is_broken, reason=reason, high=0)


def _facts(
    instance: Instance, person: Person
) -> Iterator[tuple[str, int, frozenset[str]]]:
    """Yield rule, day, and what the rule keeps the cell from holding."""
    pinned = dict(person.pinned)
    whole = frozenset(everything(instance))
    for day in range(instance.days):
        if day in pinned:
            yield PINNED, day, whole - {pinned[day]}
            continue
        if day in person.leave:
            yield LEAVE, day, whole - {OFF}
        if person.barred:
            yield BARRED, day, person.barred
        for skill, shifts in _by_skill(instance).items():
            if not person.holds(skill, day=day):
                yield SKILL, day, shifts


def _by_skill(instance: Instance) -> dict[str, frozenset[str]]:
    """Return the shifts that need each skill."""
    found: dict[str, set[str]] = {}
    for shift in instance.shift_types:
        if shift.skill:
            found.setdefault(shift.skill, set()).add(shift.id)
    return {skill: frozenset(shifts) for skill, shifts in found.items()}
