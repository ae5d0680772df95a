"""What past rosters suggest, each proposal with its evidence."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from scheduling.solver.history import words
from scheduling.solver.history.past import PastCell
from scheduling.solver.instance import Instance
from scheduling.solver.message import Message, message
from scheduling.solver.rules import Demand

SEASONS = ("winter", "spring", "summer", "autumn")  # December begins the first
Z = 1.96  # of a 95 % interval
FEWEST_DAYS = 4  # of a weekday, below which nothing is usual
FEWEST_PLANNED = 20  # shifts, below which a share says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualCover:
    """How many usually work a shift on a weekday.

    Attributes:
        usual: The median, halves rounded up: rather one too many.
        low, high: Between these lies the middle half of the days.
        days: On how many days this rests.
    """

    shift: str
    weekday: int
    usual: int
    low: float
    high: float
    days: int
    first: date
    last: date

    def message(self) -> Message:
        return message(
            "usual_cover",
            words.USUAL_COVER,
            shift=self.shift,
            weekday=self.weekday,
            usual=self.usual,
            low=f"{self.low:g}",
            high=f"{self.high:g}",
            days=self.days,
            first=self.first.isoformat(),
            last=self.last.isoformat(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRate:
    """What share of planned shifts a group does not work in a season.

    Attributes:
        low, high: The 95 % interval of the share (Wilson).
        planned: Of how many planned shifts `absent` were not worked.
        reasons: How often each reason was given, the most frequent first.
    """

    group: str
    season: str
    rate: float
    low: float
    high: float
    planned: int
    absent: int
    reasons: tuple[tuple[str, int], ...]

    def message(self) -> Message:
        return message(
            "absence_rate",
            words.ABSENCE_RATE,
            group=self.group,
            season=self.season,
            percent=round(100 * self.rate),
            low=round(100 * self.low),
            high=round(100 * self.high),
            absent=self.absent,
            planned=self.planned,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SwappedAway:
    """How often people give a planned shift of some weekday away.

    Attributes:
        low, high: The 95 % interval of the share (Wilson).
        average: The share over all shifts: what `low` lies above.
        instead: What they worked in its place, the most frequent first; empty for free.
    """

    shift: str
    weekday: int
    rate: float
    low: float
    high: float
    average: float
    planned: int
    swapped: int
    instead: tuple[tuple[str, int], ...]

    def message(self) -> Message:
        return message(
            "swapped_away",
            words.SWAPPED_AWAY,
            shift=self.shift,
            weekday=self.weekday,
            percent=round(100 * self.rate),
            average=round(100 * self.average),
            swapped=self.swapped,
            planned=self.planned,
        )


def usual_cover(cells: Iterable[PastCell]) -> tuple[UsualCover, ...]:
    """Return how many usually work each shift on each weekday, by the table's days."""
    worked: dict[str, Counter[date]] = defaultdict(Counter)
    days: set[date] = set()
    for cell in cells:
        days.add(cell.on)
        if cell.worked:
            worked[cell.worked][cell.on] += 1
    found = []
    for shift in sorted(worked):
        for weekday in range(7):
            of_weekday = sorted(day for day in days if day.weekday() == weekday)
            counts = [worked[shift][day] for day in of_weekday]
            if len(counts) >= FEWEST_DAYS and any(counts):
                found.append(_cover(shift, weekday, counts, of_weekday))
    return tuple(found)


def _cover(
    shift: str, weekday: int, counts: Sequence[int], days: Sequence[date]
) -> UsualCover:
    low, _middle, high = quantiles(counts, n=4, method="inclusive")
    return UsualCover(
        shift=shift,
        weekday=weekday,
        usual=math.ceil(median(counts)),
        low=low,
        high=high,
        days=len(counts),
        first=days[0],
        last=days[-1],
    )


def absence_rates(cells: Iterable[PastCell]) -> tuple[AbsenceRate, ...]:
    """Return what share of planned shifts each group misses in each season."""
    planned: Counter[tuple[str, str]] = Counter()
    reasons: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for cell in cells:
        if cell.planned:
            key = (cell.group, season_of(cell.on))
            planned[key] += 1
            if cell.absence:
                reasons[key][cell.absence] += 1
    found = []
    for group, season in sorted(
        planned, key=lambda key: (key[0], SEASONS.index(key[1]))
    ):
        total = planned[group, season]
        why = reasons[group, season]
        if total >= FEWEST_PLANNED:
            low, high = interval(why.total(), total)
            found.append(
                AbsenceRate(
                    group=group,
                    season=season,
                    rate=why.total() / total,
                    low=low,
                    high=high,
                    planned=total,
                    absent=why.total(),
                    reasons=tuple(why.most_common()),
                )
            )
    return tuple(found)


def swapped_away(cells: Iterable[PastCell]) -> tuple[SwappedAway, ...]:
    """Return the shifts that people give away clearly more often than others.

    An absence is no swap. Clearly: even the low end of the interval lies above the
    average of all shifts.
    """
    planned: Counter[tuple[str, int]] = Counter()
    instead: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for cell in cells:
        if cell.planned and not cell.absence:
            key = (cell.planned, cell.on.weekday())
            planned[key] += 1
            if cell.worked != cell.planned:
                instead[key][cell.worked] += 1
    swaps = sum(one.total() for one in instead.values())
    average = swaps / planned.total() if planned else 0.0
    found = []
    for (shift, weekday), others in instead.items():
        total, swapped = planned[shift, weekday], others.total()
        low, high = interval(swapped, total)
        if total >= FEWEST_PLANNED and low > average:
            found.append(
                SwappedAway(
                    shift=shift,
                    weekday=weekday,
                    rate=swapped / total,
                    low=low,
                    high=high,
                    average=average,
                    planned=total,
                    swapped=swapped,
                    instead=tuple(others.most_common()),
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.rate, one.shift, one.weekday)))


def demands_of(
    accepted: Iterable[UsualCover],
    instance: Instance,
    *,
    under_weight: int,
    over_weight: int = 0,
) -> tuple[Demand, ...]:
    """Return the demands of a horizon that accepted proposals become.

    Shifts that the instance does not have are left out.
    """
    usual = {(one.shift, one.weekday): one.usual for one in accepted}
    return tuple(
        Demand(
            day=day,
            shifts=frozenset({shift}),
            at_least=count,
            at_most=count,
            under_weight=under_weight,
            over_weight=over_weight,
        )
        for day in range(instance.days)
        for (shift, weekday), count in sorted(usual.items())
        if weekday == instance.weekday(day) and shift in instance.all_shifts
    )


def season_of(on: date) -> str:
    return SEASONS[on.month % 12 // 3]


def interval(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    References:
        E. B. Wilson: Probable inference, the law of succession, and statistical
        inference, JASA 22, 1927.
    """
    if not total:
        return 0.0, 1.0
    share, extra = hits / total, Z * Z / total
    middle = (share + extra / 2) / (1 + extra)
    reach = Z * math.sqrt(share * (1 - share) / total + extra / 4 / total) / (1 + extra)
    return max(0.0, middle - reach), min(1.0, middle + reach)
