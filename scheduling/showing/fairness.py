"""Who bore how much of what is unpleasant, beside what would be fair, as pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.ledger import burdens_of, earlier_rosters, past_burdens
from scheduling.models import Aims, Roster
from scheduling.problems import cells_of, instance_of
from scheduling.solver.fairness import KINDS, FairShare, Kind, fairness_report
from scheduling.solver.instance import Person

KIND_NAMES: Mapping[Kind, str | Promise] = {
    "nights": _("Nights"),
    "weekends": _("Weekends"),
    "holidays": _("Holidays"),
    "unpopular": _("Unpopular shifts"),
}
KIND_UNITS: Mapping[Kind, str | Promise] = {
    "nights": _("Counted in nights."),
    "weekends": _("Counted in weekends on which somebody works, Saturday or Sunday."),
    "holidays": _("Counted in shifts on public holidays."),
    "unpopular": _("Counted in shifts that are named unpopular below."),
}
BAR_HALF = 50.0  # of the bar's box, from the middle to one end
EVEN = 0.5  # off a fair share: nobody can work half a night


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One person's burden of one kind, and how far it lies off a fair share.

    Attributes:
        post: Of a full-time post, as this roster's contract says.
        here: In this roster alone.
        share: In this roster and those before it.
        bar_start, bar_width: The bar of the deviation, in hundredths of its box.
    """

    key: str
    name: str
    post: float
    here: FairShare
    share: FairShare
    bar_start: float
    bar_width: float

    @property
    def more(self) -> float:
        return max(self.share.deviation, 0.0)

    @property
    def less(self) -> float:
        return max(-self.share.deviation, 0.0)

    @property
    def is_even(self) -> bool:
        return abs(self.share.deviation) < EVEN


@dataclass(frozen=True, slots=True)
class KindTable:
    """Everybody's burden of one kind; who bears the most beyond their share is first."""

    kind: Kind
    name: str | Promise
    unit: str | Promise
    rows: Sequence[ShareRow]

    @property
    def most(self) -> ShareRow | None:
        first = self.rows[0] if self.rows else None
        return first if first and not first.is_even and first.more else None

    @property
    def least(self) -> ShareRow | None:
        last = self.rows[-1] if self.rows else None
        return last if last and not last.is_even and last.less else None

    @property
    def total(self) -> int:
        return sum(row.share.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class Fairness:
    """The ledger of a roster: a table a kind, and the rosters it looks back on."""

    tables: list[KindTable]
    earlier: list[Roster]


def fairness_of(roster: Roster, aims: Aims) -> Fairness:
    """Return the ledger of the working copy and of what was published before."""
    here = burdens_of(roster, cells_of(roster), unpopular=aims.unpopular)
    before = past_burdens(roster, unpopular=aims.unpopular)
    report = fairness_report([*before, *here])
    now = {(one.person, one.kind): one for one in fairness_report(here)}
    people = {one.id: one for one in instance_of(roster).people}
    tables = []
    for kind in KINDS:
        shares = [one for one in report if one.kind == kind]
        widest = max((abs(one.deviation) for one in shares), default=0.0) or 1.0
        rows = [
            _row(people[one.person], one, here=now[one.person, kind], widest=widest)
            for one in shares
        ]
        rows.sort(key=lambda row: (-row.share.deviation, row.name))
        tables.append(KindTable(kind, KIND_NAMES[kind], KIND_UNITS[kind], rows))
    return Fairness(tables, earlier_rosters(roster))


def _row(
    person: Person, share: FairShare, *, here: FairShare, widest: float
) -> ShareRow:
    width = BAR_HALF * abs(share.deviation) / widest
    start = BAR_HALF if share.deviation > 0 else BAR_HALF - width
    return ShareRow(
        key=person.id,
        name=person.name or person.id,
        post=person.fte,
        here=here,
        share=share,
        bar_start=round(start, 2),
        bar_width=round(width, 2),
    )
