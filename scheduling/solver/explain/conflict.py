"""Conflicts: the fewest rules, people and days that cannot all be kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.solver.explain import words
from scheduling.solver.explain.deadline import Deadline
from scheduling.solver.explain.guarded import GuardedRules, Kept, is_minimal, minimal
from scheduling.solver.explain.narrowing import is_possible, narrowed, without_needs
from scheduling.solver.instance import Instance
from scheduling.solver.mending.parts import alone, binds_several, name_of
from scheduling.solver.message import Message, message

MAX_CONFLICTS = 20  # as many as a person reads before mending the first

FACTS = {
    "leave": ("member_leave", words.MEMBER_LEAVE),
    "pinned": ("member_pinned", words.MEMBER_PINNED),
    "barred": ("member_barred", words.MEMBER_BARRED),
    "skill": ("member_skill", words.MEMBER_SKILL),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A rule that takes part in a conflict.

    Attributes:
        person: Empty where the rule is no one person's.
        days: The days on which it takes part; none where the horizon has none of what
            it counts, weekends say.
    """

    person: str
    rule: str
    days: tuple[int, ...]

    def message(self, instance: Instance) -> Message:
        code, template = FACTS.get(
            self.rule, ("member_of_person", words.MEMBER_OF_PERSON)
        )
        if not self.person:
            code, template = "member_of_all", words.MEMBER_OF_ALL
        elif not self.days:
            template = words.MEMBER_WITHOUT_DAYS
        dates = [instance.date_of(day).isoformat() for day in self.days]
        return message(
            code,
            template,
            person=name_of(instance, self.person) if self.person else "",
            rule=self.rule,
            first=dates[0] if dates else "",
            last=dates[-1] if dates else "",
            dates=", ".join(dates),
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot all hold; without any one of them they can.

    Attributes:
        members: One a rule and person.
        is_minimal: Proven so by solving without each.
        scope: The instance in which it was found, hard rules alone: one person's, or
            what is left of the whole when all that takes no part is left out.
    """

    members: tuple[Member, ...]
    is_minimal: bool
    scope: Instance


def conflicts(hard: Instance, *, deadline: Deadline) -> Iterator[Conflict]:
    """Yield conflicts that share no rule, until what is left can hold together.

    Every person's row is asked alone: most conflicts lie in one, and where nothing binds
    several people a roster exists exactly when each row does.

    Args:
        hard: The hard part of an instance.
        deadline: When to give up.

    Raises:
        Undecided: The time was over first.
    """
    is_in_rows = False
    for person in hard.people:
        row = alone(hard, person)
        if not is_possible(row, deadline=deadline):
            is_in_rows = True
            yield from _in_row(row, deadline)
    while not is_in_rows and binds_several(hard):
        if is_possible(hard, deadline=deadline):
            return
        narrow = narrowed(hard, deadline=deadline)
        rules = GuardedRules(narrow, deadline=deadline)
        yield _conflict(rules, rules.conflict(), scope=narrow)
        hard = without_needs(hard, narrow)


def _in_row(row: Instance, deadline: Deadline) -> Iterator[Conflict]:
    """Yield the conflicts of one person's row."""
    rules = GuardedRules(row, deadline=deadline)
    found = rules.conflict()
    while found:
        conflict = _conflict(rules, found, scope=row)
        yield conflict
        gone = {(member.person, member.rule) for member in conflict.members}
        rules.all = frozenset(
            reason for reason in rules.all if (reason.person, reason.rule) not in gone
        )
        found = frozenset() if rules.can_hold(rules.all) else rules.all


def _conflict(rules: GuardedRules, found: Kept, *, scope: Instance) -> Conflict:
    kept = minimal(rules, found)
    return Conflict(_members(kept), is_minimal(rules, kept), scope)


def _members(kept: Kept) -> tuple[Member, ...]:
    days: dict[tuple[str, str], set[int]] = {}
    for reason in kept:
        days.setdefault((reason.person, reason.rule), set()).update(reason.days)
    return tuple(
        Member(person, rule, tuple(sorted(on)))
        for (person, rule), on in sorted(days.items())
    )
