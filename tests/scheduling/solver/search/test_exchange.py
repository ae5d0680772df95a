"""What crosses the pipe between a strategy and the coordinator."""

import multiprocessing
import threading
import time

from scheduling.solver.search.exchange import (
    BEST,
    BOUND,
    ROSTER,
    STOP,
    ChildExchange,
    Codec,
    LocalExchange,
)
from tests.scheduling.solver.search.wards import random_instance, random_roster

INSTANCE = random_instance(1, hard=0.0)
ROSTER_A, ROSTER_B = (random_roster(INSTANCE, seed) for seed in (1, 2))


def test_a_roster_survives_packing() -> None:
    codec = Codec(INSTANCE)

    cells = codec.pack(ROSTER_A)

    assert len(cells) == len(INSTANCE.people) * INSTANCE.days
    assert codec.unpack(cells) == ROSTER_A


def test_both_ends_hear_each_other() -> None:
    ours, theirs = multiprocessing.Pipe()
    codec = Codec(INSTANCE)
    exchange = ChildExchange(
        theirs,
        instance=INSTANCE,
        deadline=time.monotonic() + 60,
        when_alone=lambda: None,
    )

    exchange.offer(ROSTER_A)
    exchange.bound(3.5)
    ours.send((BEST, codec.pack(ROSTER_B)))
    ours.send((STOP, None))

    assert ours.recv() == (ROSTER, codec.pack(ROSTER_A))
    assert ours.recv() == (BOUND, 3.5)
    while not exchange.is_over():
        time.sleep(0.01)
    assert exchange.best() == ROSTER_B


def test_spent_work_ends_a_search() -> None:
    exchange = LocalExchange(seconds=60, on_offer=lambda _roster: True, work=1.0)

    exchange.spend(0.5)
    is_over_before = exchange.is_over()
    exchange.spend(0.5)

    assert not is_over_before
    assert exchange.is_over()


def test_only_what_is_accepted_becomes_the_best() -> None:
    exchange = LocalExchange(seconds=60, on_offer=lambda roster: roster == ROSTER_A)

    exchange.offer(ROSTER_A)
    exchange.offer(ROSTER_B)

    assert exchange.best() == ROSTER_A


def test_a_strategy_hears_that_it_is_alone() -> None:
    ours, theirs = multiprocessing.Pipe()
    is_alone = threading.Event()
    ChildExchange(
        theirs,
        instance=INSTANCE,
        deadline=time.monotonic() + 60,
        when_alone=is_alone.set,
    )

    ours.close()

    assert is_alone.wait(timeout=60)
