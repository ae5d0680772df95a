"""Who searches how, for how long."""

import importlib

import pytest

from scheduling.solver.search import SolveLimits
from scheduling.solver.search.portfolio import portfolio
from tests.scheduling.solver.search.wards import random_instance, small_ward


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_worker_has_turns_that_exist(workers: int) -> None:
    limits = SolveLimits(seconds=10, workers=workers)

    for instance in (small_ward(), random_instance(1, hard=1.0)):
        turns = portfolio(instance, limits)

        assert len(turns) == workers
        for step in (step for each in turns for step in each):
            assert callable(importlib.import_module(step.module).run)


def test_the_last_turn_of_every_worker_may_take_all_the_time() -> None:
    for workers in (1, 2, 3):
        turns = portfolio(small_ward(), SolveLimits(seconds=10, workers=workers))

        assert [each[-1].share for each in turns] == [1.0] * workers


def test_nobody_disturbs_a_deterministic_search() -> None:
    limits = SolveLimits(seconds=10, workers=4, deterministic=3.0)

    search, bounds = portfolio(small_ward(), limits)

    assert [(step.work, step.hears) for step in search] == [(3.0, False)]
    assert [step.module.rpartition(".")[2] for step in bounds] == ["relaxation"]
