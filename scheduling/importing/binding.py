"""What binds people once the tables of their contracts say something else."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, count

from scheduling.importing.problem import CONTRACT_HOURS
from scheduling.importing.terms import HOURS, term_of
from scheduling.solver.instance import Contract, Instance, Person
from scheduling.solver.rules import Count, Rule

NEW = "\0new "  # before the place of a contract that has no name yet
Rules = tuple[Rule, ...]
Bound = tuple[tuple[str, ...], Rules]  # contracts, and rules of one's own


@dataclass(slots=True)
class Binding:
    """Contracts and rules of people, of which only what changed is new.

    Attributes:
        before: The problem as it is.
        told: What its own tables read as: each person has one contract there.
        sent: What the tables that were sent read as.
        made: New contracts, by what the tables call them and whether they lack hours.
        having: Who has a contract of the tables now.
    """

    before: Instance
    told: Instance
    sent: Instance
    made: dict[tuple[str, bool], Contract] = field(default_factory=dict)
    having: dict[str, list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.told.people:
            self.having.setdefault(person.contracts[0], []).append(person)

    def people_bound(
        self, people: Iterable[Person]
    ) -> tuple[tuple[Contract, ...], dict[str, Bound]]:
        """Return the contracts, and what binds each of these people of sent tables."""
        bound = {one.id: self._bound(one) for one in people}
        used = {name for names, _rules in bound.values() for name in names}
        idle = {name for one in self.before.people for name in one.contracts} - used
        kept = tuple(one for one in self.before.contracts if one.id not in idle)
        names = self._names({one.id for one in kept})
        made = (replace(one, id=names[one.id]) for one in self.made.values())
        return (*kept, *made), {
            key: (tuple(names.get(name, name) for name in contracts), rules)
            for key, (contracts, rules) in bound.items()
        }

    def _bound(self, sent: Person) -> Bound:
        """Return the contracts and own rules of somebody of the sent tables."""
        (name,) = sent.contracts
        was, own = self._was(sent.id), self._before(sent.id)
        if was is not None and own is not None and was.contracts == (name,):
            changed = self._changed(name)
            if _plain(was.rules) != _plain(sent.rules):
                changed |= {HOURS}
            contracts = self._contracts(name, without_hours=HOURS in changed)
            kept = self._without(own.rules, changed)
            return contracts, (*kept, *(sent.rules if HOURS in changed else ()))
        untold = tuple(
            rule for rule in (own.rules if own else ()) if not self._term(rule)
        )
        return self._joined(name, sent, untold)

    def _joined(self, name: str, sent: Person, untold: Rules) -> Bound:
        """Return what binds somebody new to a contract: the same as who has it."""
        changed = self._changed(name)
        models = self.having.get(name, [])
        alike = [one for one in models if _plain(one.rules) == _plain(sent.rules)]
        is_alike = bool(alike) and HOURS not in changed
        model = self._before((alike or models)[0].id) if models else None
        lost = changed if is_alike else changed | {HOURS}
        shared = tuple(
            rule
            for rule in (model.rules if model else ())
            if self._term(rule) and self._term(rule) not in lost
        )
        contracts = self._contracts(name, without_hours=not is_alike)
        return contracts, (*untold, *shared, *(() if is_alike else sent.rules))

    def _contracts(self, name: str, *, without_hours: bool) -> tuple[str, ...]:
        """Return the contracts of the problem that a contract of the tables stands for."""
        base = self._base(name)
        changed = self._changed(name)
        rules = self._rules(base) or self._carried(name)
        lost = changed | {HOURS} if without_hours else changed
        kept = self._without(rules, lost)
        new = tuple(
            rule
            for rule in self.sent.contract_by_id[name].rules
            if term_of(rule, self.sent) in changed
        )
        if base and kept == rules and not new:
            return base
        key = (name, without_hours and HOURS in map(self._term, rules))
        if key not in self.made:
            self.made[key] = Contract(id=f"{NEW}{len(self.made)}", rules=(*kept, *new))
        return (self.made[key].id,)

    def _changed(self, name: str) -> frozenset[str]:
        """Return which terms of a contract the sent tables tell otherwise."""
        told = self.told.contract_by_id.get(name)
        was = _by_term(told.rules if told else (), self.told)
        now = _by_term(self.sent.contract_by_id[name].rules, self.sent)
        return frozenset(
            term for term in {*was, *now} if was.get(term) != now.get(term)
        )

    def _base(self, name: str) -> tuple[str, ...]:
        """Return the contracts of who has this contract of the tables now."""
        having = self.having.get(name)
        found = self._before(having[0].id) if having else None
        return found.contracts if found else ()

    def _rules(self, contracts: Iterable[str]) -> Rules:
        known = self.before.contract_by_id
        return tuple(rule for one in contracts for rule in known[one].rules)

    def _carried(self, name: str) -> Rules:
        """Return what no column tells of who comes to a contract that is new."""
        if name in self.having:
            return ()
        for person in self.sent.people:
            own = self._before(person.id)
            if own is not None and person.contracts == (name,):
                shared = self._rules(own.contracts)
                return tuple(rule for rule in shared if not self._term(rule))
        return ()

    def _names(self, taken: set[str]) -> dict[str, str]:
        """Return what each new contract is called: as in the tables where that is free."""
        names = {}
        for (name, _hours), contract in self.made.items():
            others = (f"{name} {number}" for number in count(2))
            free = next(one for one in chain([name], others) if one not in taken)
            taken.add(free)
            names[contract.id] = free
        return names

    def _without(self, rules: Iterable[Rule], terms: frozenset[str]) -> Rules:
        return tuple(rule for rule in rules if self._term(rule) not in terms)

    def _term(self, rule: Rule) -> str:
        return term_of(rule, self.before)

    def _was(self, key: str) -> Person | None:
        place = self.told.person_index.get(key)
        return None if place is None else self.told.people[place]

    def _before(self, key: str) -> Person | None:
        place = self.before.person_index.get(key)
        return None if place is None else self.before.people[place]


def _by_term(rules: Iterable[Rule], instance: Instance) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(term_of(rule, instance), []).append(rule)
    return found


def _plain(rules: Rules) -> Rules:
    """Return rules of hours as they are without leave, which is counted anew."""
    return tuple(
        replace(rule, before=0)
        if isinstance(rule, Count) and rule.name == CONTRACT_HOURS
        else rule
        for rule in rules
    )
