"""A night of seven or nine hours counts so with the judge, in the model and in prices."""

import itertools
import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scheduling.solver.columns.pricing import best_row
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF, Count, Rule
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.verify import Cost, Judge, verify
from tests.scheduling.solver.laws.ward import EARLY, NIGHT, ward

SPRING, AUTUMN = date(2026, 3, 27), date(2026, 10, 23)  # Fridays; Saturday's night
DAYS = 4


def hours(**asked: int | None) -> Count:
    return Count(name="hours", unit="minutes", weight=1, **asked)  # type: ignore[arg-type]


def clocked(*rules: Rule, start: date = AUTUMN) -> Instance:
    plain = ward(
        start=start, days=DAYS, shifts=(EARLY, NIGHT), timezone="Europe/Berlin"
    )
    return replace(plain, people=(replace(plain.people[0], rules=rules),))


@pytest.mark.parametrize(("start", "hour"), [(SPRING, -60), (AUTUMN, 60)])
def test_an_hour_more_or_less_is_worked(start: date, hour: int) -> None:
    instance = clocked(hours(at_most=0), start=start)

    cost = {
        night: verify(instance, Roster((night,))).objective
        for night in ((NIGHT.id, "", "", ""), ("", NIGHT.id, "", ""))
    }

    assert list(cost.values()) == [480, 480 + hour]
    assert instance.clock_changes == {(1, NIGHT.id): hour}


@pytest.mark.parametrize("seed", range(12))
def test_judge_model_and_prices_say_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (no secret)
    start = chance.choice((SPRING, AUTUMN))
    whole = hours(at_least=480 * chance.randrange(3), at_most=480 * 3 + 30)
    rolling = replace(hours(at_most=900), window=2, step=chance.choice((1, 2)))
    nights = replace(hours(at_most=500), shifts=frozenset("N"), days=(1, 2))
    hard = replace(hours(at_most=1500), weight=None)
    overtime = replace(hours(at_most=30), beyond=450)
    rules = chance.sample([whole, rolling, nights, hard, overtime], 3)
    instance = clocked(*rules, start=start)
    judge = Judge(instance)
    rows = list(itertools.product((OFF, "E", "N"), repeat=DAYS))
    cost = {row: judge.row(0, row) for row in rows}
    legal = {
        row: sum(one.cost for one in breaches if isinstance(one, Cost))
        for row, breaches in cost.items()
        if all(isinstance(one, Cost) for one in breaches)
    }
    prices = np.array([[0, -chance.randrange(600), -700] for _ in range(DAYS)], float)

    def priced(row: tuple[str, ...]) -> float:
        paid = sum(prices[d, (OFF, "E", "N").index(c)] for d, c in enumerate(row))
        return legal[row] + float(paid)

    row, value = best_row(instance, 0, prices)
    assert value == priced(tuple(row)) == min(map(priced, legal))
    for row in chance.sample(rows, 8):
        model = build(instance)
        for variable, is_it in model.cells.hint(Roster((row,))).items():
            model.linear.lower[variable] = model.linear.upper[variable] = is_it
        answer = solve_cpsat(model.linear, budget=Budget(seconds=20))
        assert answer.objective == legal.get(row), row
