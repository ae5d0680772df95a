"""Bounds of published instances, against the best rosters known for them."""

import csv

import numpy as np
import pytest

from scheduling.solver.columns.cells import Cover
from scheduling.solver.columns.columns import Demands, Pool
from scheduling.solver.columns.generation import Generation, rounded_bound
from scheduling.solver.columns.pricing import Pricer
from scheduling.solver.formats import read_instance
from scheduling.solver.instance import Instance
from tests.scheduling.solver.realdata import rostering_folder


def best_known(name: str) -> int:
    path = rostering_folder("curtois").parent / "best_known.csv"
    with path.open(encoding="utf-8") as lines:
        rows = {row["instance"]: row for row in csv.DictReader(lines)}
    return int(rows[name]["best_known"])


def root_bound(instance: Instance) -> float:
    pricer = Pricer(instance)
    cover = Cover(pricer.cells)
    generation = Generation(
        pricer,
        Pool(pricer.cells, cover),
        Demands(instance, cover),
        people=range(len(instance.people)),
        base=np.zeros(len(instance.demands), np.int64),
    )
    generation.begin()
    while generation.step():
        pass
    return rounded_bound(generation.bound) + instance.offset


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "share"), [("Instance1", 0.9), ("Instance2", 1.0), ("Instance3", 1.0)]
)
def test_the_root_bound_is_near_the_best_known_roster(name: str, share: float) -> None:
    text = (rostering_folder("curtois") / f"{name}.txt").read_text(encoding="utf-8")

    bound = root_bound(read_instance(text, format="curtois", name=name))

    assert share * best_known(name) <= bound <= best_known(name)
