"""The demo's ward: legal by hand, published, and with an empty roster to be made."""

from datetime import date
from pathlib import Path

import pytest

from hospital.accounts import demo as people
from hospital.accounts.models import User
from hospital.accounts.principal import principal_for
from hospital.core.demo import Demo
from scheduling.demo import rosters as demo
from scheduling.demo.ward import by_hand, ward
from scheduling.models import Roster
from scheduling.selectors.rosters import own_shifts_visible_to, rosters_visible_to
from scheduling.solver.formats import from_json, to_json
from scheduling.solver.roster import Roster as Grid
from scheduling.solver.verify import verify

MONDAYS = [date(2026, 6, 1), date(2026, 11, 23), date(2027, 1, 4)]


@pytest.mark.parametrize("monday", MONDAYS)
def test_the_ward_is_one_and_its_rotation_breaks_no_rule(monday: date) -> None:
    instance = ward(monday, name="Ward", timezone="UTC")

    verdict = verify(instance, Grid.of(instance, by_hand(instance)))

    assert from_json(to_json(instance)) == instance
    assert len(instance.people) == 20
    assert verdict.hard == ()
    assert verdict.objective > 0


@pytest.mark.django_db
def test_the_demo_is_loaded_once(tmp_path: Path) -> None:
    record = Demo(url="http://localhost")
    people.load(record)

    demo.load(record)
    demo.load(record)

    manager = principal_for(User.objects.get(username="manager"))
    nurse = principal_for(User.objects.get(username="nurse"))
    states = [roster.state for roster in rosters_visible_to(manager)]
    assert states == ["draft", "published"]
    assert rosters_visible_to(nurse).count() == 1
    assert own_shifts_visible_to(nurse).count() == 18
    assert Roster.objects.count() == 2
