"""Cheapest rows, against every row there is and the independent judge."""

import itertools
import random
from datetime import date

import numpy as np
import pytest

from scheduling.solver.columns.errors import NoRowError
from scheduling.solver.columns.pricing import Pricer, best_row
from scheduling.solver.columns.stretch import Stretch
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.rules import (
    OFF,
    Count,
    Pattern,
    Request,
    Rule,
    Run,
    Weekends,
)
from scheduling.solver.verify import Cost, Judge

DAYS = 5
SHIFTS = ("E", "L")
MINUTES = {"E": 40, "L": 60}
MONDAY = date(2024, 1, 1)
FRIDAY = date(2024, 1, 5)


def instance_of(
    *rules: Rule,
    history: tuple[str, ...] = (),
    start: date = FRIDAY,
    requests: tuple[Request, ...] = (),
    leave: frozenset[int] = frozenset(),
) -> Instance:
    return Instance(
        name="one person",
        start=start,
        days=DAYS,
        shift_types=tuple(ShiftType(id=s, minutes=MINUTES[s]) for s in SHIFTS),
        people=(Person(id="A", rules=rules, history=history, leave=leave),),
        requests=requests,
    )


def cheapest_by_trying(instance: Instance, prices: np.ndarray) -> float | None:
    judge = Judge(instance)
    values = []
    for row in itertools.product((OFF, *SHIFTS), repeat=DAYS):
        breaches = judge.row(0, row)
        costs = [one.cost for one in breaches if isinstance(one, Cost)]
        if len(costs) == len(breaches):
            priced = sum(prices[d, ("", *SHIFTS).index(s)] for d, s in enumerate(row))
            values.append(sum(costs) + priced)
    return min(values, default=None)


def cheapest(instance: Instance, prices: np.ndarray) -> float | None:
    try:
        row, value = best_row(instance, 0, prices)
    except NoRowError:
        return None
    costs = [one for one in Judge(instance).row(0, row) if isinstance(one, Cost)]
    assert len(costs) == len(Judge(instance).row(0, row))
    return value


def bounds(rng: random.Random, *, most: int) -> tuple[int | None, int | None]:
    low, high = sorted((rng.randint(0, most), rng.randint(0, most)))
    return rng.choice((None, low)), rng.choice((None, high))


def any_count(rng: random.Random) -> Rule:
    unit = rng.choice(("shifts", "minutes"))
    window = rng.choice((0, 0, 2, 3))
    low, high = bounds(rng, most=DAYS if unit == "shifts" else 200)
    return Count(
        name="count",
        shifts=frozenset(rng.choice((SHIFTS, "E", "L"))),
        days=tuple(rng.sample(range(DAYS), 3)) if rng.random() < 0.3 else (),
        window=window,
        step=rng.choice((1, 2, 3)),
        unit=unit,
        beyond=rng.choice((0, 45)) if unit == "minutes" else 0,
        at_least=low,
        at_most=high,
        before=rng.choice((0, 1)),
        weight=rng.choice((None, 1, 5)),
    )


def any_run(rng: random.Random) -> Rule:
    of = rng.choice(("work", "off", "shifts"))
    low, high = bounds(rng, most=4)
    return Run(
        name="run",
        of=of,
        shifts=frozenset("L") if of == "shifts" else frozenset(),
        at_least=low,
        at_most=high,
        open_start=rng.random() < 0.5,
        open_end=rng.random() < 0.5,
        weight=rng.choice((None, 1, 5)),
    )


def any_pattern(rng: random.Random) -> Rule:
    return Pattern(
        name="pattern",
        days=tuple(
            frozenset(rng.sample((OFF, *SHIFTS), rng.choice((1, 2))))
            for _ in range(rng.choice((1, 2, 2, 3)))
        ),
        weekdays=frozenset(rng.sample(range(7), 4))
        if rng.random() < 0.4
        else frozenset(),
        start_days=frozenset((-1, 0, 2)) if rng.random() < 0.3 else frozenset(),
        uses_history=rng.random() < 0.6,
        weight=rng.choice((None, 1, 5)),
    )


def any_weekends(rng: random.Random) -> Rule:
    measure = rng.choice(("count", "run", "complete", "identical"))
    low, high = bounds(rng, most=2)
    is_counted = measure in {"count", "run"}
    return Weekends(
        name="weekends",
        measure=measure,
        weekdays=rng.choice(((5, 6), (4, 5, 6), (1, 2))),
        at_least=low if is_counted else None,
        at_most=high if is_counted else None,
        before=rng.choice((0, 1)),
        weight=rng.choice((None, 1, 5)),
    )


ANY_RULE = (any_count, any_run, any_pattern, any_weekends)


def any_instance(rng: random.Random) -> Instance:
    return instance_of(
        *(rng.choice(ANY_RULE)(rng) for _ in range(rng.randint(1, 4))),
        history=tuple(rng.choice((OFF, *SHIFTS)) for _ in range(rng.choice((0, 2)))),
        start=rng.choice((MONDAY, FRIDAY)),
        requests=(
            Request(
                person="A",
                day=rng.randrange(DAYS),
                shifts=frozenset("E"),
                is_on=rng.random() < 0.5,
                weight=4,
            ),
        ),
        leave=frozenset(rng.sample(range(DAYS), rng.choice((0, 0, 1)))),
    )


def any_prices(rng: random.Random) -> np.ndarray:
    return np.array(
        [[rng.randint(-9, 9) for _ in range(3)] for _ in range(DAYS)], float
    )


@pytest.mark.parametrize("seed", range(60))
def test_cheapest_row_is_the_cheapest_of_all_rows(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- repeatable cases, no secret
    instance, prices = any_instance(rng), any_prices(rng)

    found = cheapest(instance, prices)

    assert found == cheapest_by_trying(instance, prices)


def test_the_cheapest_row_on_some_days_keeps_the_other_days() -> None:
    tried = 0

    for seed in range(60, 120):
        rng = random.Random(seed)  # noqa: S311 -- repeatable cases, no secret
        instance, prices = any_instance(rng), any_prices(rng)
        pricer = Pricer(instance)
        try:
            stands = pricer.best([0], any_prices(rng)[None])[0].rows[0].codes
        except NoRowError:
            continue
        first = rng.randrange(DAYS)
        stretch = Stretch(
            first, rng.randint(first + 1, DAYS), rows={0: stands}, cells=pricer.cells
        )
        found = pricer.best([0], prices[None], stretch=stretch)[0].rows[0]
        closed = np.full((DAYS, 3), 1e6)  # so dear that only what stands is chosen
        closed[stretch.first : stretch.end] = 0.0
        closed[np.arange(DAYS), stands] = 0.0

        assert stretch.holds(0, found.codes)
        assert found.value == cheapest_by_trying(instance, prices + closed)
        tried += 1

    assert tried > 50


def test_a_row_that_breaks_a_hard_rule_has_no_cost() -> None:
    pricer = Pricer(instance_of(Run(name="long", at_most=2)))

    assert pricer.cost(0, (1, 1, 0, 2, 2)) == 0
    assert pricer.cost(0, (1, 1, 1, 0, 0)) is None


def test_several_rows_come_cheapest_first_and_differ() -> None:
    pricer = Pricer(instance_of(Count(name="most", at_most=3, weight=2)))
    prices = np.zeros((1, DAYS, 3))
    prices[0, :, 1] = -1

    rows = pricer.best([0], prices, most=3)[0].rows

    assert rows[0].value == -3
    assert [row.value for row in rows] == sorted(row.value for row in rows)
    assert len({row.codes for row in rows}) == len(rows)


def test_rules_that_contradict_each_other_leave_no_row() -> None:
    instance = instance_of(
        Count(name="least", at_least=4), Run(name="long", at_most=1), history=("E",)
    )

    with pytest.raises(NoRowError, match="Person A has no row"):
        best_row(instance, 0, np.zeros((DAYS, 3)))
