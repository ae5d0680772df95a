"""What people swap away is shared out by posts; worked by hand."""

from datetime import date

from scheduling.solver.history import most_of, with_shared, without_shared
from scheduling.solver.history.sharing import SHARED
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import Count, Demand
from scheduling.solver.verify import verify

FRIDAY = 4


def ward() -> Instance:
    """Return four weeks with one night a day, and who works them."""
    return Instance(
        name="ward",
        start=date(2026, 6, 1),
        days=28,
        shift_types=(ShiftType(id="N", minutes=480, is_night=True),),
        people=(
            Person(id="ann"),
            Person(id="bob"),
            Person(id="cy", fte=0.5),
            Person(id="dee", barred=frozenset({"N"})),
        ),
        demands=tuple(
            Demand(day=day, shifts=frozenset({"N"}), at_least=1, under_weight=100)
            for day in range(28)
        ),
    )


def test_nobody_bears_more_than_their_share_without_a_cost() -> None:
    made = with_shared(ward(), {("N", FRIDAY)}, weight=3)

    # four Fridays by 2.5 posts: 1.6 for a full one, 0.8 for a half
    most = {
        person.id: rule.at_most
        for person in made.people
        for rule in person.rules
        if isinstance(rule, Count)
    }
    assert most == {"ann": 2, "bob": 2, "cy": 1}
    assert most_of(ward(), ("N", FRIDAY)) == (4, 2)
    fridays = {("ann", day): "N" for day in (4, 11, 18, 25)}
    others = {("bob", day): "N" for day in range(28) if day % 7 != FRIDAY}
    verdict = verify(made, Roster.of(made, {**fridays, **others}))
    assert verdict.penalties == {SHARED: 2 * 3}


def test_what_nobody_needs_is_not_shared_and_all_of_it_goes_again() -> None:
    before = ward()

    made = with_shared(before, {("N", FRIDAY), ("E", 0)}, weight=3)

    assert sum(len(person.rules) for person in made.people) == 3
    assert without_shared(made) == before
    assert with_shared(made, set(), weight=3) == before
