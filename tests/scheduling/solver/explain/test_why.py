"""Why somebody has a shift: the alternatives, in a ward small enough to see through."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.errors import InstanceError
from scheduling.solver.explain import Alternative, Why, why
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Demand, Pattern, Request
from scheduling.solver.verify import score, verify

DAYS = 4
NIGHT = 1  # the day in question


def ward() -> Instance:
    """Return four people of whom one works the night of day 1.

    bob would have to work early right after it, cat asked for that day off, and dan
    never works nights. Ann is the one who does.
    """
    rest = Pattern(name="night before early", days=(frozenset("N"), frozenset("E")))
    most = Count(name="most shifts", at_most=1)
    return Instance(
        name="ward",
        start=date(2026, 6, 1),
        days=DAYS,
        shift_types=(
            ShiftType(id="E", minutes=480),
            ShiftType(id="N", name="Night", minutes=480, is_night=True),
        ),
        people=(
            Person(id="ann", name="Ann"),
            Person(id="bob", rules=(rest, most)),
            Person(id="cat"),
            Person(id="dan", barred=frozenset("N")),
        ),
        demands=(
            Demand(day=1, shifts=frozenset("N"), at_least=1, under_weight=100),
            Demand(day=2, shifts=frozenset("E"), at_least=1, under_weight=30),
        ),
        requests=(
            Request(person="cat", day=1, shifts=frozenset("EN"), is_on=False, weight=7),
        ),
    )


def roster(*rows: str) -> Roster:
    return Roster(
        tuple(tuple(OFF if cell == "." else cell for cell in row) for row in rows)
    )


ROSTER = roster(".N..", "..E.", "....", "....")


def asked() -> tuple[Why, dict[str, Alternative]]:
    answer = why(ward(), ROSTER, person="ann", day=NIGHT)
    return answer, {one.person: one for one in answer.alternatives}


def told(one: Alternative, answer: Why) -> list[str]:
    return [message.text for message in one.messages(ward(), answer)]


def test_every_other_person_and_nobody_is_an_alternative() -> None:
    answer, by_person = asked()

    assert (answer.person, answer.day, answer.shift) == ("ann", 1, "N")
    assert set(by_person) == {"", "bob", "cat", "dan"}


def test_a_wish_is_what_it_costs() -> None:
    answer, by_person = asked()

    assert by_person["cat"].direct.cost == 7
    assert [one.rule for one in by_person["cat"].direct.dearer] == ["requests"]
    assert told(by_person["cat"], answer) == [
        "If cat works Night on 2026-06-02 instead of Ann:",
        "it costs 7 more.",
    ]


def test_an_empty_place_is_what_it_costs() -> None:
    answer, by_person = asked()

    assert by_person[""].direct.cost == 100
    assert told(by_person[""], answer) == [
        "If nobody works Night on 2026-06-02 instead of Ann:",
        "it costs 100 more.",
    ]


def test_what_is_broken_as_it_stands_may_be_mended_by_a_swap() -> None:
    """Bob after a night cannot work early, but Ann can then."""
    answer, by_person = asked()
    bob = by_person["bob"]

    assert {one.rule for one in bob.direct.broken} == {
        "night before early",
        "most shifts",
    }
    assert bob.resolved is not None
    assert bob.resolved.cost == 0
    assert bob.roster is not None
    assert bob.roster.rows[0][2] == "E"
    assert bob.roster.rows[1] == (OFF, "N", OFF, OFF)
    assert verify(ward(), bob.roster).hard == ()
    assert told(bob, answer) == [
        "If bob works Night on 2026-06-02 instead of Ann:",
        "as it stands it breaks 2 rules that must be kept;",
        "with further changes to these rows it costs the same.",
    ]


def test_what_no_change_can_mend_is_impossible() -> None:
    answer, by_person = asked()

    assert by_person["dan"].is_impossible
    assert answer.alternatives[-1] == by_person["dan"]
    assert told(by_person["dan"], answer)[-1] == (
        "no change to these rows keeps every rule while the others stay as they are."
    )


def test_the_cheapest_possible_alternative_comes_first() -> None:
    answer, _ = asked()

    assert [one.person for one in answer.alternatives] == ["bob", "cat", "", "dan"]


def test_without_time_the_direct_effects_remain() -> None:
    answer = why(ward(), ROSTER, person="ann", day=NIGHT, seconds=1e-9)

    assert all(one.resolved is None for one in answer.alternatives)
    assert {one.person: len(one.direct.broken) for one in answer.alternatives} == {
        "": 0,
        "bob": 2,
        "cat": 0,
        "dan": 1,
    }


@pytest.mark.parametrize(
    ("person", "day", "message"),
    [
        ("eve", 1, "unknown person eve"),
        ("ann", 0, "ann works nothing on day 0"),
        ("ann", 4, "ann works nothing on day 4"),
    ],
)
def test_a_question_about_no_shift_is_refused(
    person: str, day: int, message: str
) -> None:
    with pytest.raises(InstanceError, match=message):
        why(ward(), ROSTER, person=person, day=day)


def test_a_score_says_where_the_cost_comes_from() -> None:
    instance = replace(ward(), offset=5)

    found = score(verify(instance, roster("....", "....", ".E..", "....")))

    assert (found.total, found.offset) == (142, 5)
    assert found.by_tier == {"cover": 130, "preference": 7}
    assert list(found.by_rule.items()) == [("cover", 130), ("requests", 7)]
    assert found.by_person == {"": 130, "cat": 7}
    assert found.by_day == {1: 107.0, 2: 30.0}
    assert found.by_cell == {("cat", 1): 7.0}


def test_a_cost_of_several_days_is_shared_out_among_them() -> None:
    rule = Count(name="few shifts", at_most=1, weight=9)
    ann = Person(id="ann", rules=(rule,))
    instance = replace(ward(), people=(ann,), demands=(), requests=())

    found = score(verify(instance, roster("EEE.")))

    assert found.by_day == {0: 6.0, 1: 6.0, 2: 6.0}
    assert sum(found.by_day.values()) == found.total == 18
