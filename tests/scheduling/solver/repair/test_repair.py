"""Ways on after a sick call, in wards small enough to see through."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.repair import Absence, Option, RepairError, SickCall, repair
from scheduling.solver.repair.options import chosen
from scheduling.solver.repair.search import Wish, balanced
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Demand, Pattern, Run
from scheduling.solver.verify import verify

DAY = ShiftType(id="D", name="Day", start_minute=420, end_minute=900, minutes=480)
NIGHT = ShiftType(id="N", start_minute=1320, end_minute=1800, minutes=480)
EMPTY_PLACE = 100


def ward(*people: Person, demands: tuple[tuple[int, str], ...]) -> Instance:
    return Instance(
        name="ward",
        start=date(2026, 6, 1),
        days=7,
        shift_types=(DAY, NIGHT),
        people=people,
        demands=tuple(
            Demand(
                day=day,
                shifts=frozenset(shift),
                at_least=1,
                under_weight=EMPTY_PLACE,
            )
            for day, shift in demands
        ),
    )


def roster(*rows: str) -> Roster:
    return Roster(
        tuple(tuple(OFF if cell == "." else cell for cell in row) for row in rows)
    )


def away(person: str, *days: int) -> tuple[Absence, ...]:
    return (Absence(person=person, days=days),)


def told(option: Option) -> list[str]:
    return [change.message(option.instance).text for change in option.changes]


def trio(**facts: object) -> Instance:
    """Return three people of whom one is needed by day; facts are about the first."""
    ann = replace(Person(id="ann", name="Ann"), **facts)
    return ward(
        ann,
        Person(id="bob"),
        Person(id="cat"),
        demands=tuple((d, "D") for d in range(7)),
    )


PUBLISHED = roster("DDD....", "...DD..", ".....DD")


def test_somebody_is_called_in_or_the_place_stays_empty() -> None:
    options = repair(trio(), PUBLISHED, SickCall(absences=away("ann", 2)))

    best, last = options[0], options[-1]
    assert best.measures == (0, 0, 1, 1, False)
    assert last.measures == (0, EMPTY_PLACE, 0, 0, False)
    losses = [option.cover_loss for option in options]
    assert losses == sorted(losses)
    assert 3 <= len(options) <= 5
    assert all(not verify(one.instance, one.roster).hard for one in options)
    assert told(last) == ["Ann has 2026-06-03 off instead of working Day."]
    assert "works Day on 2026-06-03 instead of having the day off" in told(best)[0]
    assert [cost.days for cost in last.uncovered] == [(2,)]
    assert best.uncovered == ()
    assert last.message().text == ("0 cells of 0 people change; cover costs 100 more.")


def test_a_way_that_another_beats_joins_only_where_there_are_few() -> None:
    one = repair(trio(), PUBLISHED, SickCall(absences=away("ann", 2)))[0]
    ways = [replace(one, cover_loss=loss, changed_cells=4 - loss) for loss in range(4)]
    beaten = replace(one, cover_loss=3, changed_cells=3)

    assert chosen([beaten, *reversed(ways)]) == tuple(ways)
    assert chosen([beaten, ways[2]]) == (ways[2], beaten)


def test_what_starts_within_the_frozen_hours_stays_as_published() -> None:
    """It is 7 on day 1: day 2 begins to be open at 7 with 24 h, and not with 25."""
    call = SickCall(absences=away("ann", 2), day=1, minute=420, freeze_hours=24)

    open_still = repair(trio(), PUBLISHED, call)
    frozen = repair(trio(), PUBLISHED, replace(call, freeze_hours=25))

    assert open_still[0].cover_loss == 0
    assert min(option.cover_loss for option in frozen) == EMPTY_PLACE
    assert all(
        option.roster.rows[person][:3] == row[:3]
        for option in frozen
        for person, row in enumerate(PUBLISHED.rows)
        if person
    )


def test_a_shift_later_today_can_still_be_given() -> None:
    people = (Person(id="ann"), Person(id="bob"))
    instance = ward(*people, demands=((0, "D"), (0, "N")))
    published = roster("N......", "D......")
    spare = replace(instance, people=(*people, Person(id="cat")))
    call = SickCall(absences=away("ann", 0), minute=600)

    options = repair(spare, Roster((*published.rows, (OFF,) * 7)), call)

    assert options[0].cover_loss == 0
    assert options[0].roster.rows[1][0] == "D"
    assert options[0].roster.rows[2][0] == "N"


def with_needs(instance: Instance) -> Instance:
    """Return the ward whose needs must be met."""
    needs = tuple(replace(demand, under_weight=None) for demand in instance.demands)
    return replace(instance, demands=needs)


def test_where_a_need_must_be_met_only_ways_that_meet_it_are_shown() -> None:
    options = repair(with_needs(trio()), PUBLISHED, SickCall(absences=away("ann", 2)))

    assert options
    for option in options:
        assert option.unmet == 0
        assert verify(option.instance, option.roster).hard == ()


def test_where_nobody_can_meet_a_need_the_ways_say_what_stays_empty() -> None:
    """On day 2 nobody but Ann works by day; day 3 can still be given to others."""
    barred = frozenset({2})
    instance = with_needs(trio())
    ann, bob, cat = instance.people
    people = (ann, replace(bob, leave=barred), replace(cat, leave=barred))
    call = SickCall(absences=away("ann", 2))

    options = repair(replace(instance, people=people), PUBLISHED, call)

    assert options
    best = options[0]
    assert best.measures == (1, 0, 0, 0, False)
    assert [one.days for one in best.uncovered] == [(2,)]
    assert best.message().text == (
        "0 cells of 0 people change; places that must be filled and stay empty: 1;"
        " cover costs 0 more."
    )


def test_a_need_that_is_open_already_holds_up_no_way_on() -> None:
    """Nobody can work on day 1, as was published; day 2 is covered all the same."""
    barred = frozenset({1})
    instance = with_needs(trio())
    people = tuple(replace(person, leave=barred) for person in instance.people)
    published = roster("D.D....", "...DD..", ".....DD")

    options = repair(
        replace(instance, people=people), published, SickCall(absences=away("ann", 2))
    )

    assert options[0].measures == (0, 0, 1, 1, False)
    assert options[0].uncovered == ()
    assert {option.roster.rows[0][2] for option in options} == {OFF}


def test_a_need_that_was_open_in_the_past_excuses_no_new_one() -> None:
    published = roster(".DD....", "...DD..", ".....DD")

    options = repair(
        with_needs(trio()), published, SickCall(absences=away("cat", 5), day=1)
    )

    assert options
    assert {option.unmet for option in options} == {0}


def test_illness_excuses_from_the_fewest_shifts_and_short_runs() -> None:
    rules = (
        Count(name="fewest shifts", at_least=3),
        Run(name="fewest days in a row", at_least=3, open_start=False),
    )
    options = repair(
        trio(rules=rules, barred=frozenset("N"), leave=frozenset({3, 4, 5, 6})),
        PUBLISHED,
        SickCall(absences=away("ann", 2)),
    )

    assert options
    assert all(option.is_excused for option in options)
    assert all(not verify(one.instance, one.roster).hard for one in options)


def test_the_absent_keep_their_contract_where_that_is_easy() -> None:
    rules = (Count(name="fewest shifts", at_least=2),)

    options = repair(trio(rules=rules), PUBLISHED, SickCall(absences=away("ann", 2)))

    assert not any(option.is_excused for option in options[:2])


def test_nobody_is_called_in_against_a_hard_rule() -> None:
    rule = Pattern(name="night before day", days=(frozenset("N"), frozenset("D")))
    people = (Person(id="ann"), Person(id="bob", rules=(rule,)))
    instance = ward(*people, demands=((1, "D"), (0, "N")))
    published = roster(".D.....", "N......")

    options = repair(instance, published, SickCall(absences=away("ann", 1), day=1))

    assert min(option.cover_loss for option in options) == EMPTY_PLACE
    assert all(not verify(one.instance, one.roster).hard for one in options)


def test_what_was_fixed_gives_way_to_illness() -> None:
    options = repair(
        trio(pinned=((2, "D"),)), PUBLISHED, SickCall(absences=away("ann", 2))
    )

    assert {option.roster.rows[0][2] for option in options} == {OFF}


def test_a_row_that_breaks_a_rule_already_is_left_in_peace() -> None:
    rule = Count(name="most shifts", at_most=1)
    instance = trio()
    people = (
        instance.people[0],
        replace(instance.people[1], rules=(rule,)),
        instance.people[2],
    )

    options = repair(
        replace(instance, people=people),
        PUBLISHED,
        SickCall(absences=away("ann", 2)),
    )

    assert {option.roster.rows[1] for option in options} == {PUBLISHED.rows[1]}
    assert options[0].cover_loss == 0


def test_a_day_that_was_free_anyway_changes_nothing() -> None:
    options = repair(trio(), PUBLISHED, SickCall(absences=away("ann", 5)))

    assert [option.roster for option in options] == [PUBLISHED]


@pytest.mark.parametrize(
    ("person", "day", "message"),
    [("dan", 2, "unknown person dan"), ("ann", 7, "day 7, outside")],
)
def test_a_call_about_nobody_or_never_is_refused(
    person: str, day: int, message: str
) -> None:
    with pytest.raises(RepairError, match=message):
        repair(trio(), PUBLISHED, SickCall(absences=away(person, day)))


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"absences": ()}, "names somebody"),
        ({"freeze_hours": -1}, "-1 h"),
        ({"minute": 1440}, "Minute 1440"),
    ],
)
def test_a_call_that_cannot_be_is_refused(
    facts: dict[str, object], message: str
) -> None:
    with pytest.raises(RepairError, match=message):
        SickCall(**{"absences": away("ann", 2), **facts})


def test_the_call_says_what_changes_are_worth() -> None:
    call = SickCall(absences=away("ann", 0), cell_weight=0.5, person_weight=40)

    assert balanced(call) == Wish(cell=5, person=400)
    assert balanced(SickCall(absences=away("ann", 0))) == Wish(cell=25, person=25)


@pytest.mark.parametrize("weight", [-0.1, 1000.5, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(RepairError, match=r"no weight between 0 and 1000"):
        SickCall(absences=away("ann", 0), person_weight=weight)


def test_dear_changes_leave_the_cheap_place_empty() -> None:
    cheap = replace(trio().demands[1], under_weight=10)
    asked = replace(trio(), demands=(trio().demands[0], cheap, *trio().demands[2:]))

    def losses(weight: float) -> set[int]:
        call = SickCall(absences=away("ann", 0, 1), cell_weight=weight)
        return {one.cover_loss for one in repair(asked, PUBLISHED, call)}

    assert 10 in losses(50)
    assert 10 not in losses(0)
