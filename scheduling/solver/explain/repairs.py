"""Priced repairs: the cheapest ways to bend a rule of a conflict until a roster exists."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from scheduling.solver.explain.conflict import Conflict
from scheduling.solver.explain.deadline import Deadline
from scheduling.solver.explain.narrowing import a_roster, is_possible
from scheduling.solver.instance import Instance
from scheduling.solver.mending import prices
from scheduling.solver.mending.changes import Change, changes_for
from scheduling.solver.mending.mended import softened, with_changes
from scheduling.solver.mending.parts import alone, binds_several
from scheduling.solver.roster import Roster
from scheduling.solver.search.model.build import Scope, build_guarded
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.search.model.linear import Linear
from scheduling.solver.verify import verify

MAX_REPAIRS = 5
Rules = frozenset[tuple[str, str]]  # person and name


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together make a roster possible; `cost` ranks repairs.

    Attributes:
        cost: In tenths of a shift.
    """

    changes: tuple[Change, ...]
    cost: int


def repairs(
    hard: Instance, found: Iterable[Conflict], *, deadline: Deadline
) -> tuple[Repair, ...]:
    """Return the cheapest repairs, cheapest first; each mends every conflict."""
    by_scope: dict[int, list[Conflict]] = {}
    for conflict in found:
        by_scope.setdefault(id(conflict.scope), []).append(conflict)
    options = [_options(group, deadline=deadline) for group in by_scope.values()]
    together = (_together(chosen) for chosen in product(*_few(options)))
    ranked = sorted(together, key=lambda repair: repair.cost)[:MAX_REPAIRS]
    proof = _Proof(hard, deadline=deadline)
    checked = tuple(one for one in ranked if proof.mends(one.changes))
    if checked:
        return checked
    widest = cheapest(hard, _all_rules(hard), deadline=deadline)
    return (widest,) if widest else ()


class _Proof:
    """Proves by solving again that a roster exists once changes are made."""

    def __init__(self, hard: Instance, *, deadline: Deadline) -> None:
        self._hard = hard
        self._deadline = deadline
        self._witness: Roster | None = None
        self._people: set[int] = set()

    def mends(self, changes: tuple[Change, ...]) -> bool:
        """Whether a roster keeps every hard rule when these changes are made.

        Where nothing binds several people, only the rows that change are asked: the
        others are possible, or have a change too. Else the roster that proved an
        earlier repair is tried first, with the rows of all that changed free.
        """
        mended = with_changes(self._hard, changes)
        changed = {change.person for change in changes if change.person}
        if not binds_several(mended):
            return all(
                is_possible(alone(mended, person), deadline=self._deadline)
                for person in mended.people
                if person.id in changed
            )
        self._people |= {mended.person_index[person] for person in changed}
        roster = self._nearby(mended) or a_roster(mended, deadline=self._deadline)
        self._witness = roster or self._witness
        return roster is not None

    def _nearby(self, mended: Instance) -> Roster | None:
        if self._witness is None:
            return None
        if not verify(mended, self._witness).hard:
            return self._witness
        days = range(mended.days)
        free = {(person, day) for person in self._people for day in days}
        scope = Scope(around=self._witness, free=free)
        return a_roster(mended, deadline=self._deadline, scope=scope)


def _few(options: list[list[Repair]]) -> list[list[Repair]]:
    """Return so few options of each conflict that all combinations are few."""
    each = MAX_REPAIRS if len(options) < len(("one", "two", "three")) else 1
    return [choices[:each] for choices in options]


def _together(chosen: Iterable[Repair]) -> Repair:
    chosen = tuple(chosen)
    changes = tuple(change for repair in chosen for change in repair.changes)
    return Repair(changes, sum(repair.cost for repair in chosen))


def _options(group: list[Conflict], *, deadline: Deadline) -> list[Repair]:
    """Return what mends all conflicts of one scope: bending one rule, or several."""
    scope = group[0].scope
    members: list[Rules] = [
        frozenset({(member.person, member.rule)})
        for conflict in group
        for member in conflict.members
    ]
    found: dict[tuple[Change, ...], Repair] = {}
    for bent in (*members, frozenset().union(*members), _all_rules(scope)):
        is_last = len(bent) > 1 and bool(found)
        repair = None if is_last else cheapest(scope, bent, deadline=deadline)
        if repair is not None and repair.changes not in found:
            found[repair.changes] = repair
    return sorted(found.values(), key=lambda repair: repair.cost)


def _all_rules(scope: Instance) -> Rules:
    facts = {(one.id, fact) for one in scope.people for fact in prices.FACTS}
    rules = {(one.id, rule.name) for one in scope.people for rule in one.rules}
    requests = {(one.person, one.name) for one in scope.requests}
    demands = {("", one.name) for one in scope.demands}
    mixes = {("", one.name) for one in scope.mixes}
    pairs = {(one.first, one.name) for one in scope.pairs}
    return frozenset(facts | rules | requests | demands | mixes | pairs)


def cheapest(scope: Instance, bent: Rules, *, deadline: Deadline) -> Repair | None:
    """Return the cheapest repair that bends these rules alone; None where none does."""
    model = build_guarded(softened(scope, bent))
    for reason, guard in model.guards.items():
        if (reason.person, reason.rule) in bent and reason.rule in prices.FACTS:
            broken = Linear(((guard, -1),), 1)
            model.linear.minimize(broken, weight=prices.FACTS[reason.rule])
        else:
            model.linear.lower[guard] = 1
    answer = solve_cpsat(model.linear, budget=Budget(seconds=deadline.seconds_left()))
    if answer.values is None:
        return None
    roster = model.roster(answer.values)
    changes = changes_for(scope, roster)
    if verify(with_changes(scope, changes), roster).hard:
        return None
    price = sum(change.price for change in changes)
    return Repair(changes, prices.points(price))
