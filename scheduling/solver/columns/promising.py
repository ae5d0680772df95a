"""Rows known already that are worth beginning a dive with."""

import numpy as np
from numpy.typing import NDArray

from scheduling.solver.columns.columns import Column, Pool
from scheduling.solver.columns.parts import Part
from scheduling.solver.columns.stretch import Stretch

Numbers = NDArray[np.float64]

_COLUMNS_A_PERSON = 40  # with which a later dive begins
_MOST_COLUMNS_A_PERSON = 800  # kept in all
_MOST_BYTES = 256 * 2**20  # of everybody's: a column of a year in a large house is long
_BYTES_A_DAY = 8  # of a column's codes; of each demand that it may serve, it is 1


def promising(pool: Pool, part: Part, *, duals: Numbers | None) -> list[Column]:
    """Return known rows of a part that are cheap at the root's duals."""
    found: list[Column] = []
    for person in part.people:
        columns = _known(pool, person, part.stretch, duals)
        if duals is not None and columns:
            order = np.argsort(_reduced(columns, duals))[:_COLUMNS_A_PERSON]
            columns = [columns[at] for at in order]
        found += columns
    return found


def _known(
    pool: Pool, person: int, stretch: Stretch | None, duals: Numbers | None
) -> list[Column]:
    """Return the known rows of a person that differ on open days alone."""
    columns, most = pool.of(person), _most(pool)
    if len(columns) > most:
        order = np.argsort(_reduced(columns, duals))
        columns = [columns[at] for at in order[: most // 2]]
        pool.keep(person, columns)
    if stretch is None:
        return columns
    return [one for one in columns if stretch.holds(person, one.codes)]


def _most(pool: Pool) -> int:
    """Return how many columns of one person may be kept."""
    instance = pool.cells.instance
    column = len(instance.demands) + _BYTES_A_DAY * instance.days
    fitting = _MOST_BYTES // (column * len(instance.people))
    return max(_COLUMNS_A_PERSON, min(_MOST_COLUMNS_A_PERSON, fitting))


def _reduced(columns: list[Column], duals: Numbers | None) -> Numbers:
    """Return what rows cost at some duals."""
    costs = np.array([one.cost for one in columns], np.float64)
    if duals is None:
        return costs
    reduced: Numbers = costs - np.array([one.served for one in columns]) @ duals
    return reduced
