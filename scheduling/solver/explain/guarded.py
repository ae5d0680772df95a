"""Which hard rules can hold together, asked of CP-SAT."""

from collections.abc import Hashable, Iterable

from scheduling.solver.explain.deadline import Deadline, Undecided
from scheduling.solver.explain.fewest import fewest
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.search.model.build import build_guarded
from scheduling.solver.search.model.cpsat import Answer, Budget, solve_cpsat
from scheduling.solver.search.model.roster_model import Reason

Kept = frozenset[Reason]


class GuardedRules:
    """The hard rules of an instance, each of which can be left out.

    Attributes:
        all: Every rule of every person and day that could ever be broken.
    """

    def __init__(self, instance: Instance, *, deadline: Deadline) -> None:
        """Build the model.

        Args:
            instance: Without soft rules.
            deadline: When to give up.
        """
        self._model = build_guarded(instance)
        self._deadline = deadline
        self.all: Kept = frozenset(self._model.guards)

    def can_hold(self, kept: Iterable[Reason]) -> bool:
        """Whether a roster keeps all of these rules, whatever it does to the others."""
        held = frozenset(kept)
        linear = self._model.linear
        for reason, guard in self._model.guards.items():
            linear.lower[guard] = linear.upper[guard] = int(reason in held)
        return self._answer(()).status != "infeasible"

    def conflict(self) -> Kept:
        """Return rules that cannot all hold, not yet as few as can be; empty for none."""
        linear = self._model.linear
        for guard in self._model.guards.values():
            linear.lower[guard], linear.upper[guard] = 0, 1
        answer = self._answer(tuple(self._model.guards.values()))
        if answer.status != "infeasible":
            return frozenset()
        by_guard = {guard: reason for reason, guard in self._model.guards.items()}
        core = frozenset(by_guard[guard] for guard in answer.core)
        # A core may be wrong (or lacking): only what solving again confirms is used.
        return core if core and not self.can_hold(core) else self.all

    def _answer(self, assumptions: tuple[int, ...]) -> Answer:
        budget = Budget(seconds=self._deadline.seconds_left(), first_only=True)
        answer = solve_cpsat(self._model.linear, budget=budget, assumptions=assumptions)
        if answer.status == "unknown":
            self._deadline.seconds_left()
            message = phrase("Nothing was found out about some rules.")
            raise Undecided(message)
        return answer


def minimal(rules: GuardedRules, conflict: Kept) -> Kept:
    """Return a conflict from which nothing can be left out, by solving again and again.

    Whole rules are left out first, then their days: a conflict of few rules is read
    more easily than one of few days.
    """
    kept = conflict
    for part_of in (_which, _itself):
        parts: dict[Hashable, set[Reason]] = {}
        for reason in sorted(kept, key=_order):
            parts.setdefault(part_of(reason), set()).add(reason)
        needed = fewest(
            [frozenset(part) for part in parts.values()],
            lambda some: rules.can_hold(frozenset().union(*some)),
        )
        kept = frozenset().union(*needed)
    return kept


def is_minimal(rules: GuardedRules, conflict: Kept) -> bool:
    """Whether the rules cannot hold together, but can as soon as any one is left out."""
    return not rules.can_hold(conflict) and all(
        rules.can_hold(conflict - {reason}) for reason in conflict
    )


def _which(reason: Reason) -> Hashable:
    return reason.person, reason.rule


def _itself(reason: Reason) -> Hashable:
    return reason


def _order(reason: Reason) -> tuple[str, str, tuple[int, ...]]:
    return reason.person, reason.rule, reason.days
