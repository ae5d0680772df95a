"""The sheet of contracts, and the contracts of a ward that gives none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import plain
from scheduling.importing.shifts import HOUR, Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.values import names_in
from scheduling.importing.ward import Period, Terms
from scheduling.solver.instance import MAX_DAYS

LONGEST_CONTRACT = 100
HOURS_A_DAY, HOURS_A_WEEK = 24, 168
MOST_IN_A_ROW = 31
WEEKENDS = 4
# What a ward without a sheet of contracts works.
FULL = Terms(id="full", hours=40, days=5, nights=4, rest=2, weekends=2)
HALF = replace(FULL, id="half", hours=20, share=0.5)
CALLED = {
    "full": ("fulltime", "100", "全职", "全时", "全日制"),
    "half": ("halftime", "parttime", "50", "半职", "半时", "兼职"),
}


class Contracts:
    """The ward's contracts, found by name however it is spelled."""

    def __init__(
        self, terms: Iterable[Terms], called: Mapping[str, Iterable[str]]
    ) -> None:
        self.terms = tuple(terms)
        self._by_name: dict[str, Terms] = {one.id: one for one in self.terms}
        for one in self.terms:
            for name in (one.id, *called.get(one.id, ())):
                self._by_name.setdefault(plain(name), one)

    @property
    def known(self) -> str:
        return ", ".join(one.id for one in self.terms[:20])

    def find(self, name: str) -> Terms | None:
        return self._by_name.get(name) or self._by_name.get(plain(name))


def contracts_of(
    table: Table | None, shifts: Shifts, period: Period, flaws: Flaws
) -> Contracts:
    """Return the ward's contracts; full and half time, which is told, for none."""
    if table is None:
        flaws.add(
            flaw(
                "contracts_assumed",
                is_error=False,
                full=f"{FULL.hours:g}",
                half=f"{HALF.hours:g}",
                names=f"{FULL.id}, {HALF.id}",
            )
        )
        return Contracts((FULL, HALF), CALLED)
    found: dict[str, Terms] = {}
    rows: dict[str, int] = {}
    has_share: set[str] = set()
    for line in table:
        id_ = line.needed("contract", longest=LONGEST_CONTRACT)
        if id_ in found:
            line.tell("contract_twice", "contract", value=id_, other=rows[id_])
        elif id_:
            share = line.share("share")
            found[id_] = _terms(line, id_, share or 1.0, shifts, period)
            rows[id_] = line.number
            has_share |= {id_} if share else set()
    return Contracts(_with_shares(found, has_share), {})


def _with_shares(found: Mapping[str, Terms], has_share: set[str]) -> list[Terms]:
    """Give contracts without a share the one that their hours tell."""
    full = max((one.hours or 0 for one in found.values()), default=0)
    return [
        replace(one, share=round(one.hours / full, 4))
        if one.hours and full and one.id not in has_share
        else one
        for one in found.values()
    ]


def _terms(line: Line, id_: str, share: float, shifts: Shifts, period: Period) -> Terms:
    return Terms(
        id=id_,
        hours=line.number_in("hours", least=0, most=HOURS_A_WEEK),
        share=share,
        days=line.whole("days", least=1, most=MOST_IN_A_ROW),
        nights=line.whole("nights", least=0, most=MOST_IN_A_ROW),
        rest=line.whole("rest", least=1, most=MOST_IN_A_ROW),
        weekends=line.whole("weekends", most=WEEKENDS),
        limits=tuple(_limits(line, period)),
        barred=barred_in(line, shifts),
    )


def _limits(line: Line, period: Period) -> Iterator[tuple[int, int]]:
    """Yield how many minutes may be worked in how many days; longer windows are told."""
    for hours, days in line.limits("limits"):
        if not 1 <= days <= MAX_DAYS or hours > days * HOURS_A_DAY:
            line.tell("limit_outside", "limits", hours=f"{hours:g}", days=days)
            continue
        if days > period.days:
            line.tell("limit_idle", "limits", is_error=False, days=days)
        yield round(hours * HOUR), days


def barred_in(line: Line, shifts: Shifts) -> frozenset[str]:
    """Return the shifts that a row says are never worked."""
    barred = set()
    for name in names_in(line.value("barred")):
        if shift := shifts.find(name):
            barred.add(shift)
        else:
            line.tell("unknown_shift", "barred", value=name[:30], known=shifts.known)
    return frozenset(barred)
