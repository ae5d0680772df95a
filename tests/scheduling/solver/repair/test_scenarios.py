"""Twenty sick calls on published instances."""

from functools import cache
from random import Random

import pytest

from scheduling.solver.formats import read_instance
from scheduling.solver.instance import Instance
from scheduling.solver.repair import Absence, SickCall, repair
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.search import SolveLimits, solve
from scheduling.solver.verify import verify
from tests.scheduling.solver.realdata import rostering_folder

SCENARIOS = [
    (name, seed)
    for name, count in (("Instance4", 8), ("Instance8", 7), ("Instance10", 5))
    for seed in range(count)
]
CELLS_A_SHIFT = 3
WEEK = 7
START_WORK = 1.5  # enough for a roster of few empty places
SECONDS = 60.0  # no clock decides, however slow the machine


@cache
def published(name: str) -> tuple[Instance, Roster]:
    """Return an instance with a legal roster of it."""
    path = rostering_folder("curtois") / f"{name}.txt"
    instance = read_instance(path.read_text(), format="curtois", name=name)
    limits = SolveLimits(seconds=SECONDS, deterministic=START_WORK)
    solution = solve(instance, limits=limits)
    assert solution.roster is not None
    return instance, solution.roster


def sick_call(instance: Instance, roster: Roster, seed: int) -> SickCall:
    """Return somebody's illness of one to three days, among them a shift or more."""
    chance = Random(f"{instance.name} {seed}")  # noqa: S311 (a scenario, no secret)
    today = chance.randrange(instance.days - WEEK)
    while True:
        person = chance.randrange(len(instance.people))
        first = today + chance.randrange(3)
        days = tuple(range(first, first + chance.randint(1, 3)))
        if any(roster.rows[person][day] != OFF for day in days):
            absence = Absence(person=instance.people[person].id, days=days)
            return SickCall(absences=(absence,), day=today)


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.parametrize(("name", "seed"), SCENARIOS)
def test_a_sick_call_has_legal_options_that_change_little(name: str, seed: int) -> None:
    instance, before = published(name)
    call = sick_call(instance, before, seed)
    (absence,) = call.absences
    person = instance.person_index[absence.person]
    lost = sum(before.rows[person][day] != OFF for day in absence.days)

    options = repair(instance, before, call, seconds=SECONDS)

    assert 3 <= len(options) <= 5
    losses = [option.cover_loss for option in options]
    assert losses == sorted(losses)
    for option in options:
        assert verify(option.instance, option.roster).hard == ()
        excused = {absence.person} if option.is_excused else set()
        assert {one.person for one in verify(instance, option.roster).hard} <= excused
        assert len(option.changes) <= CELLS_A_SHIFT * lost
        for index, (old, new) in enumerate(
            zip(before.rows, option.roster.rows, strict=True)
        ):
            assert index == person or old[: call.day] == new[: call.day]
        assert all(option.roster.rows[person][day] == OFF for day in absence.days)
