"""Judges two people who should share their shifts, or should not meet."""

from collections.abc import Iterator

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Pair
from scheduling.solver.verify import words
from scheduling.solver.verify.cover import DayJudge
from scheduling.solver.verify.row import Row
from scheduling.solver.verify.verdict import Breach, Stake


def pair_judge(pair: Pair, instance: Instance) -> DayJudge:
    """Return the judge of one pair over the whole horizon."""
    first = instance.person_index[pair.first]
    second = instance.person_index[pair.second]
    shifts = pair.shifts or instance.all_shifts
    one, other = (Row(instance, instance.people[index]) for index in (first, second))
    template = words.PAIR_PARTED if pair.is_together else words.PAIR_MET
    stake = Stake(pair.name, pair.tier, pair.weight)

    def judge(roster: Roster) -> Iterator[Breach]:
        rows = zip(roster.rows[first], roster.rows[second], strict=True)
        for day, (mine, theirs) in enumerate(rows):
            is_met = mine == theirs and mine in shifts
            is_parted = mine != theirs and (mine in shifts or theirs in shifts)
            if is_parted if pair.is_together else is_met:
                yield stake.breach(
                    template,
                    person=pair.first,
                    days=(day,),
                    units=1,
                    values=(
                        ("person", one.name),
                        ("other", other.name),
                        ("date", one.date(day)),
                    ),
                )

    return judge
