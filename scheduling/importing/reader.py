"""A ward's tables to its problem, with everything that is wrong told at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduling.importing.contracts import contracts_of
from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import (
    CONTRACTS,
    DEMAND,
    LEAVE,
    PAIRS,
    PEOPLE,
    REQUESTS,
    SHEETS,
    SHIFTS,
    both,
    sheet_kind,
)
from scheduling.importing.mixes import mixes_of
from scheduling.importing.needs import needs_of, tell_crowded
from scheduling.importing.pairs import pairs_of
from scheduling.importing.people import people_of
from scheduling.importing.problem import problem_of
from scheduling.importing.shifts import shifts_of
from scheduling.importing.table import RawTable, Table, table_of
from scheduling.importing.ward import Period, Ward
from scheduling.importing.wishes import leave_of, wishes_of
from scheduling.solver.errors import SolverError
from scheduling.solver.instance import Instance
from scheduling.solver.laws import LawError

MUST_BE_THERE = (PEOPLE, DEMAND)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of the tables; no instance where an error was found."""

    ward: Ward
    flaws: Flaws
    instance: Instance | None


def read_ward(tables: Iterable[RawTable], period: Period, flaws: Flaws) -> Reading:
    """Return the ward of these tables, and all that is wrong with them.

    Args:
        tables: Sheets or CSV files; those that are none of ours are left alone.
        period: What is chosen beside them.
        flaws: What was found already, to which is added.
    """
    sheets = sheets_of(tables, flaws)
    _need_sheets(sheets, flaws)
    ward = _ward(sheets, period, flaws)
    return Reading(ward, flaws, None if flaws.errors else _problem(ward, period, flaws))


def sheets_of(tables: Iterable[RawTable], flaws: Flaws) -> dict[str, RawTable]:
    """Return the sheets by what they are; tell one that is there twice."""
    found: dict[str, RawTable] = {}
    for raw in tables:
        kind = sheet_kind(raw.title)
        if kind in found:
            name = both(SHEETS[kind])
            flaws.add(flaw("sheet_twice", is_error=False, sheet=raw.title, name=name))
        elif kind:
            found[kind] = raw
    return found


def _need_sheets(sheets: Mapping[str, RawTable], flaws: Flaws) -> None:
    is_unread = bool(flaws.errors)  # a file that could not be read may have held it
    for kind in MUST_BE_THERE:
        if kind not in sheets and not is_unread:
            name = both(SHEETS[kind])
            flaws.add(flaw("sheet_missing", is_error=True, name=name))


def _ward(sheets: dict[str, RawTable], period: Period, flaws: Flaws) -> Ward:
    def table(kind: str) -> Table | None:
        """Return a sheet that holds rows; one that must not be empty is told."""
        if kind not in sheets:
            return None
        found = table_of(sheets[kind], kind, flaws)
        if found is not None and next(iter(found), None) is None:
            if kind in MUST_BE_THERE:
                flaws.add(flaw("sheet_empty", is_error=True, sheet=found.title))
            return None
        return found

    shifts = shifts_of(table(SHIFTS), period, flaws)
    contracts = contracts_of(table(CONTRACTS), shifts, period, flaws)
    people, demand = table(PEOPLE), table(DEMAND)
    staff = people_of(people, contracts, shifts, period, flaws) if people else ()
    numbers = frozenset(one.number for one in staff)
    needs = needs_of(demand, shifts, staff, period) if demand else ()
    mixes = mixes_of(demand, shifts, staff, period) if demand else ()
    away, asked, paired = table(LEAVE), table(REQUESTS), table(PAIRS)
    leave = leave_of(away, numbers, period) if away else {}
    wishes = wishes_of(asked, numbers, shifts, leave, period) if asked else ()
    if demand and staff:
        tell_crowded(demand.title, needs, len(staff), leave, period, flaws)
    return Ward(
        shifts=shifts.types,
        contracts=contracts.terms,
        staff=staff,
        needs=needs,
        leave=leave,
        wishes=wishes,
        mixes=mixes,
        pairs=pairs_of(paired, numbers, shifts, period) if paired else (),
    )


def _problem(ward: Ward, period: Period, flaws: Flaws) -> Instance | None:
    try:
        return problem_of(ward, period)
    except LawError as error:
        flaws.add(flaw("law_refused", is_error=True, why=error.told))
    except SolverError as error:
        flaws.add(flaw("no_problem", is_error=True, why=error.told))
    return None
