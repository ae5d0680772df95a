"""Changes that mend an instance, read off a roster that breaks it, and priced."""

from dataclasses import dataclass, replace

from scheduling.solver.instance import Instance
from scheduling.solver.mending import prices, words
from scheduling.solver.mending.parts import name_of
from scheduling.solver.message import Message, hours, message
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count
from scheduling.solver.verify import Violation, verify


@dataclass(frozen=True, slots=True)
class Change:
    """One rule bent as far as it must be.

    Attributes:
        kind: `above` and `below` move a limit; `leave`, `pinned`, `barred`, `skill` and
            `request` undo a fact; `exception` lets a rule be broken on some days.
        before, after: The limit's old and new value; 0 for other kinds.
        shifts: What is worked on those days, where a bar or a skill stands against it.
    """

    kind: str
    person: str
    rule: str
    days: tuple[int, ...]
    before: int = 0
    after: int = 0
    price: int = 0
    shifts: frozenset[str] = frozenset()

    def message(self, instance: Instance) -> Message:
        is_hours = self._counts_minutes(instance)
        dates = [instance.date_of(day).isoformat() for day in self.days]
        return message(
            self.kind,
            _template(self, is_hours=is_hours),
            person=name_of(instance, self.person) if self.person else "",
            rule=self.rule,
            before=hours(self.before) if is_hours else self.before,
            after=hours(self.after) if is_hours else self.after,
            dates=", ".join(dates),
            date=next(iter(dates), ""),  # of a need, which has a day
            shifts=", ".join(sorted(self.shifts)),
            skill=", ".join(sorted(self._skills(instance))),
        )

    def _counts_minutes(self, instance: Instance) -> bool:
        """Whether the limit that moves is one of minutes."""
        if not self.person:
            return False
        person = instance.people[instance.person_index[self.person]]
        return any(
            isinstance(rule, Count)
            and rule.unit == "minutes"
            and rule.name == self.rule
            for rule in instance.rules_of(person)
        )

    def _skills(self, instance: Instance) -> set[str]:
        return {instance.shift_by_id[shift].skill for shift in self.shifts} - {""}


def _template(change: Change, *, is_hours: bool) -> str:
    if change.kind in {"above", "below"}:
        is_above = change.kind == "above"
        if not change.person:
            return words.COVER_RAISED if is_above else words.COVER_LOWERED
        if is_hours:
            return words.HOURS_RAISED if is_above else words.HOURS_LOWERED
        return words.LIMIT_RAISED if is_above else words.LIMIT_LOWERED
    if change.kind == "exception" and not change.person:
        return words.EXCEPTION_FOR_ALL
    return {
        "leave": words.LEAVE_TAKEN_BACK,
        "pinned": words.PIN_UNDONE,
        "barred": words.BAR_LIFTED,
        "skill": words.SKILL_GIVEN,
        "request": words.REQUEST_REFUSED,
        "exception": words.EXCEPTION_MADE,
    }[change.kind]


def changes_for(hard: Instance, roster: Roster) -> tuple[Change, ...]:
    """Return what must be changed so that a roster breaks no hard rule."""
    changes: dict[tuple[str, str, str, int, tuple[int, ...]], Change] = {}
    for one in verify(hard, roster).hard:
        change = _change(hard, roster, one)
        where = () if change.person else change.days
        at_once = (change.kind, change.person, change.rule, change.before, where)
        changes[at_once] = (
            _joined(changes[at_once], change) if at_once in changes else change
        )
    return tuple(changes[key] for key in sorted(changes))


def _change(hard: Instance, roster: Roster, one: Violation) -> Change:
    """Return the change that one violation asks for."""
    values = dict(one.values)
    if one.rule in prices.FACTS and "limit" not in values:
        row = roster.rows[hard.person_index[one.person]]
        return Change(
            one.rule,
            one.person,
            one.rule,
            one.days,
            price=prices.FACTS[one.rule] * len(one.days),
            shifts=frozenset(row[day] for day in one.days) - {OFF},
        )
    if any(
        request.person == one.person
        and request.day in one.days
        and request.name == one.rule
        for request in hard.requests
    ):
        return Change("request", one.person, one.rule, one.days, price=prices.REQUEST)
    if "limit" in values and _is_limit(hard, one):
        before, after = int(values["limit"]), int(values["count"])
        price = _unit_price(hard, one) * abs(after - before)
        kind = "above" if after > before else "below"
        return Change(kind, one.person, one.rule, one.days, before, after, price)
    return Change(
        "exception", one.person, one.rule, one.days, price=_unit_price(hard, one)
    )


def _is_limit(hard: Instance, one: Violation) -> bool:
    """Whether the rule has a number that can be moved: a mix has none of its own."""
    return bool(one.person) or any(
        demand.name == one.rule and demand.day in one.days for demand in hard.demands
    )


def _unit_price(hard: Instance, one: Violation) -> int:
    if not one.person:
        return prices.COVER
    rules = hard.rules_of(hard.people[hard.person_index[one.person]])
    named = [prices.price_of(rule) for rule in rules if rule.name == one.rule]
    return max(named, default=prices.PAIR)


def _joined(one: Change, other: Change) -> Change:
    """Return one change that does what two do to the same rule."""
    days = tuple(sorted({*one.days, *other.days}))
    if one.kind not in {"above", "below"}:
        return replace(
            one,
            days=days,
            price=one.price + other.price,
            shifts=one.shifts | other.shifts,
        )
    furthest = max(one, other, key=lambda change: abs(change.after - change.before))
    return replace(furthest, days=days)
