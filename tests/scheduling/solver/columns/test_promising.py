"""What is kept of the rows that were found, and in how little room."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from scheduling.solver.columns import promising
from scheduling.solver.columns.cells import Cells, Cover
from scheduling.solver.columns.columns import Column, Demands, Pool
from scheduling.solver.columns.incumbent import Incumbent
from scheduling.solver.columns.parts import Part
from scheduling.solver.instance import Instance, Person, ShiftType
from scheduling.solver.rules import Demand
from tests.scheduling.solver.columns.ward import DAYS, small_ward

OFF, EARLY, LATE = range(3)


def pool_of(instance: Instance) -> Pool:
    cells = Cells(instance)
    return Pool(cells, Cover(cells))


def filled(pool: Pool) -> list[Column]:
    """Return all rows of the first person, by what they cost: 0 and on."""
    rows = product((OFF, EARLY, LATE), repeat=DAYS)
    return [pool.column(0, codes, cost=cost) for cost, codes in enumerate(rows)]


def test_a_number_of_a_row_takes_a_byte_and_sums_take_more() -> None:
    ward = small_ward()
    late = Demand(day=1, shifts=frozenset("E"), shifts_before=frozenset("L"))
    house = replace(
        ward,
        people=tuple(Person(id=f"p{at}", contracts=("ward",)) for at in range(70)),
        demands=(late,),
        requests=(),
    )
    pool = pool_of(house)

    columns = [
        pool.column(person, (LATE, EARLY, OFF, OFF, OFF), cost=0)
        for person in range(len(house.people))
    ]

    assert columns[0].served.tolist() == [2]
    assert columns[0].served.nbytes == 1
    assert Incumbent(columns, Demands(house, pool.cover)).served.tolist() == [140]


@pytest.mark.parametrize(
    ("most_bytes", "kept"),
    [
        pytest.param(2**20, 3**DAYS, id="room for all"),
        pytest.param(3 * (2 * DAYS + 8 * DAYS) * 100, 50, id="room for 100 of each"),
        pytest.param(1, 20, id="room for none"),
    ],
)
def test_rows_are_forgotten_where_they_take_too_much_room(
    most_bytes: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promising, "_MOST_BYTES", most_bytes)
    pool = pool_of(small_ward())
    columns = filled(pool)
    whole = Part(people=[0], stretch=None, demands=slice(None))

    found = promising.promising(pool, whole, duals=None)

    assert found == pool.of(0) == columns[:kept]


def test_half_a_year_of_fifty_people_is_kept_as_it_is() -> None:
    shifts = tuple(ShiftType(id=letter, minutes=480) for letter in "ABCDEF")
    ward = replace(
        small_ward(),
        days=182,
        shift_types=shifts,
        people=tuple(Person(id=f"p{at}") for at in range(50)),
        contracts=(),
        demands=tuple(
            Demand(day=day, shifts=frozenset(shift.id))
            for day in range(182)
            for shift in shifts
        ),
        requests=(),
    )
    columns = [Column(0, (at,), at, np.zeros(0, np.int8)) for at in range(800)]
    pool = pool_of(ward)
    pool.keep(0, columns)
    whole = Part(people=[0], stretch=None, demands=slice(None))

    found = promising.promising(pool, whole, duals=None)

    assert found == columns
