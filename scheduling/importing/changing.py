"""A roster's problem changes to what tables of its ward say, and no further.

Tables tell less than a problem holds: costs of one's own, patterns, fixed cells and the
past have no column. So the problem's own tables are read too, and only what the sent
ones say otherwise than those is changed; an unchanged table changes nothing.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from scheduling.importing.binding import Binding
from scheduling.importing.moments import times_named
from scheduling.importing.moving import still_there
from scheduling.importing.problem import with_leave_counted
from scheduling.solver.instance import Contract, Instance, Person, ShiftType
from scheduling.solver.rules import OFF, Demand, Mix, Pair, Request

Part = TypeVar("Part", bound=Demand | Mix | Pair | Request | Person | ShiftType)
OF_PERSON = ("name", "skills", "leave", "barred", "fte")  # that a column tells


def changed(
    before: Instance,
    told: Instance,
    sent: Instance,
    *,
    decided: Collection[tuple[str, int]] = (),
) -> Instance:
    """Return the problem changed to what sent tables say.

    Args:
        before: The problem as it is, without a law and without a reserve.
        told: What its own tables read as.
        sent: What the tables that were sent read as.
        decided: People and days whose requests are decided elsewhere, and stay.

    Raises:
        InstanceError: A rule, a request or a need names a shift that is gone.
    """
    contracts, people = _people(before, told, sent)
    keys = {one.id for one in people}

    def open_to_tables(requests: Iterable[Request]) -> list[Request]:
        return [one for one in requests if (one.person, one.day) not in decided]

    requests = _merged(
        before.requests,
        open_to_tables(told.requests),
        open_to_tables(sent.requests),
        key=lambda one: (one.person, one.day),
    )
    pairs = _merged(
        before.pairs,
        told.pairs,
        sent.pairs,
        key=lambda one: (one.first, one.second, one.is_together),
    )
    after = replace(
        before,
        shift_types=_shifts(before, told, sent),
        contracts=contracts,
        people=people,
        demands=_merged(before.demands, told.demands, sent.demands, key=_need),
        mixes=_merged(before.mixes, told.mixes, sent.mixes, key=_mix),
        requests=tuple(one for one in requests if one.person in keys),
        pairs=tuple(one for one in pairs if {one.first, one.second} <= keys),
    )
    return before if after == before else with_leave_counted(after)


def _shifts(before: Instance, told: Instance, sent: Instance) -> tuple[ShiftType, ...]:
    kept = [
        _blended(one, told.shift_by_id[one.id], sent.shift_by_id[one.id])
        for one in before.shift_types
        if one.id in sent.shift_by_id
    ]
    new = [one for one in sent.shift_types if one.id not in before.shift_by_id]
    return (*kept, *new)


def _people(
    before: Instance, told: Instance, sent: Instance
) -> tuple[tuple[Contract, ...], tuple[Person, ...]]:
    """Return the contracts, and the people in their order, who is new at the end."""
    contracts, bound = Binding(before, told, sent).people_bound(sent.people)
    stay = [one.id for one in before.people if one.id in sent.person_index]
    join = [one.id for one in sent.people if one.id not in before.person_index]
    people = []
    for key in (*stay, *join):
        now = sent.people[sent.person_index[key]]
        if key in before.person_index:
            was = told.people[told.person_index[key]]
            own = before.people[before.person_index[key]]
            now = _still_there(_blended(own, was, now, names=OF_PERSON), sent)
        names, rules = bound[key]
        people.append(replace(now, contracts=names, rules=rules))
    return contracts, tuple(people)


def _still_there(person: Person, sent: Instance) -> Person:
    """Return a person whose past and fixed cells name no shift that is gone."""
    known = {OFF, *sent.shift_by_id}
    return replace(
        person,
        history=still_there(person.history, sent),
        pinned=tuple(pin for pin in person.pinned if pin[1] in known),
    )


def _merged(
    before: Sequence[Part],
    told: Iterable[Part],
    sent: Iterable[Part],
    *,
    key: Callable[[Part], Hashable],
) -> tuple[Part, ...]:
    """Return parts of a problem: those that both tables tell alike, or not, as they are."""
    was, now = _by(told, key), _by(sent, key)
    own = _by(before, key)
    merged: list[Part] = []
    for place, parts in own.items():
        old, new = was.get(place, []), now.get(place, [])
        if old == new:
            merged += parts
        elif len(parts) == len(old) == len(new) == 1:
            merged.append(_blended(parts[0], old[0], new[0]))
        else:
            merged += new
    if merged == [part for parts in own.values() for part in parts]:
        merged = list(before)  # in the order in which they stand there
    return (
        *merged,
        *(one for at, some in now.items() if at not in own for one in some),
    )


def _by(
    parts: Iterable[Part], key: Callable[[Part], Hashable]
) -> dict[Hashable, list[Part]]:
    found: dict[Hashable, list[Part]] = {}
    for part in parts:
        found.setdefault(key(part), []).append(part)
    return found


def _blended(
    own: Part, was: Part, now: Part, *, names: Collection[str] | None = None
) -> Part:
    """Return a part of the problem with the fields that the tables tell otherwise."""
    other = {
        one.name: getattr(now, one.name)
        for one in fields(own)
        if (names is None or one.name in names)
        and getattr(was, one.name) != getattr(now, one.name)
    }
    if isinstance(own, Demand) and isinstance(now, Demand) and own.at_most is None:
        if other.get("at_most") == now.at_least:
            del other["at_most"]  # an empty cell reads as the least
        elif "at_most" in other:
            other["over_weight"] = now.over_weight
    return replace(own, **other) if other else own


def _need(one: Demand) -> Hashable:
    times = one.name if times_named(one.name) else ""
    return one.day, one.shifts, one.shifts_before, one.skill, times


def _mix(one: Mix) -> Hashable:
    return one.day, one.shifts, one.skill, one.other
