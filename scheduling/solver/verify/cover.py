"""Judges days: how many work at a time, and who among them."""

from collections.abc import Callable, Iterable, Iterator

from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Demand, Mix
from scheduling.solver.verify import words
from scheduling.solver.verify.row import shifts_told
from scheduling.solver.verify.verdict import Breach, Stake

DayJudge = Callable[[Roster], Iterable[Breach]]


def demand_judge(demand: Demand, instance: Instance) -> DayJudge:
    """Return the judge of one demand; shifts begun the day before may serve it too."""
    able = _holders(instance, demand.skill, day=demand.day)

    def judge(roster: Roster) -> Iterator[Breach]:
        count = _count(demand, instance, roster, able)
        if count < demand.at_least:
            yield _told(demand, instance, count, is_above=False)
        if demand.at_most is not None and count > demand.at_most:
            yield _told(demand, instance, count, is_above=True)

    return judge


def mix_judge(mix: Mix, instance: Instance) -> DayJudge:
    """Return the judge of one mix of skills."""
    wanted = _holders(instance, mix.skill, day=mix.day)
    others = [
        index
        for index in _holders(instance, mix.other, day=mix.day)
        if index not in set(wanted)
    ]
    shifts = mix.shifts or instance.all_shifts

    def judge(roster: Roster) -> Iterator[Breach]:
        have = sum(roster.rows[index][mix.day] in shifts for index in wanted)
        led = sum(roster.rows[index][mix.day] in shifts for index in others)
        needed = mix.of * -(-led // mix.per)
        if have < needed:
            yield Stake(mix.name, "cover", mix.weight).breach(
                words.MIX_BELOW,
                person="",
                days=(mix.day,),
                units=needed - have,
                values=(
                    ("count", have),
                    ("limit", needed),
                    ("others", led),
                    ("skill", mix.skill),
                    ("other", mix.other),
                    ("shifts", shifts_told(instance, shifts)),
                    ("date", instance.date_of(mix.day).isoformat()),
                ),
            )

    return judge


def _holders(instance: Instance, skill: str, *, day: int) -> list[int]:
    return [
        index
        for index, person in enumerate(instance.people)
        if not skill or person.holds(skill, day=day)
    ]


def _count(demand: Demand, instance: Instance, roster: Roster, able: list[int]) -> int:
    rows, day = roster.rows, demand.day
    count = sum(rows[index][day] in demand.shifts for index in able)
    if not demand.shifts_before:
        return count
    if day:
        before = [rows[index][day - 1] for index in able]
    else:
        before = [(instance.people[index].history or (OFF,))[-1] for index in able]
    return count + sum(cell in demand.shifts_before for cell in before)


def _told(demand: Demand, instance: Instance, count: int, *, is_above: bool) -> Breach:
    if demand.skill:
        template = words.SKILL_ABOVE if is_above else words.SKILL_BELOW
    else:
        template = words.COVER_ABOVE if is_above else words.COVER_BELOW
    limit = (demand.at_most or 0) if is_above else demand.at_least
    weight = demand.over_weight if is_above else demand.under_weight
    return Stake(demand.name, "cover", weight).breach(
        template,
        person="",
        days=(demand.day,),
        units=abs(count - limit),
        values=(
            ("count", count),
            ("limit", limit),
            ("skill", demand.skill),
            ("shifts", shifts_told(instance, demand.shifts | demand.shifts_before)),
            ("date", instance.date_of(demand.day).isoformat()),
        ),
    )
