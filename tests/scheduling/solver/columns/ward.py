"""A small ward whose rosters can all be tried."""

from datetime import date

from scheduling.solver.instance import Contract, Instance, Person, ShiftType
from scheduling.solver.rules import Count, Demand, Pattern, Request, Run

DAYS = 5


def small_ward(*, people: int = 3, hard: bool = False) -> Instance:
    """Return a ward that needs an early and a late shift on each day."""
    contract = Contract(
        id="ward",
        rules=(
            Pattern(name="rest", days=(frozenset("L"), frozenset("E"))),
            Run(name="long", at_most=3),
            Count(name="most", at_most=4),
            Count(name="lates", shifts=frozenset("L"), at_most=2, weight=3),
        ),
    )
    return Instance(
        name="small ward",
        start=date(2024, 1, 1),
        days=DAYS,
        shift_types=(ShiftType(id="E", minutes=480), ShiftType(id="L", minutes=480)),
        people=tuple(
            Person(id=name, contracts=("ward",)) for name in "ABCDEF"[:people]
        ),
        contracts=(contract,),
        demands=tuple(
            Demand(
                day=day,
                shifts=frozenset(shift),
                at_least=1,
                at_most=1,
                under_weight=None if hard else 20,
                over_weight=4,
            )
            for day in range(DAYS)
            for shift in "EL"
        ),
        requests=(
            Request(person="A", day=1, shifts=frozenset("EL"), is_on=False, weight=7),
            Request(person="B", day=3, shifts=frozenset("E"), is_on=True, weight=5),
        ),
    )
