"""What a ward's tables say, before it becomes a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduling.importing.moments import Times
from scheduling.solver.instance import ShiftType
from scheduling.solver.laws import LawProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What is chosen beside the tables.

    Attributes:
        law: The profile that the ward is put under; None for none.
        shift_names: What the early, late and night shift are called where no shifts
            are given.
        accounts: Whose account an e-mail address or user name in small letters is;
            empty where it could be several people's.
        holidays: Which of its days are public holidays.
        known: Staff numbers of the roster that tables change; a row about one of them
            who is among its people no more is left out.
    """

    name: str
    start: date
    days: int
    timezone: str = ""
    law: LawProfile | None = None
    shift_names: tuple[str, str, str] = ("Early", "Late", "Night")
    accounts: Mapping[str, str] = field(default_factory=dict)
    holidays: frozenset[int] = frozenset()
    known: frozenset[str] = frozenset()

    @property
    def last(self) -> date:
        return self.start + timedelta(days=self.days - 1)

    def day_of(self, on: date) -> int | None:
        """Return which day of the period a date is; None outside."""
        day = (on - self.start).days
        return day if 0 <= day < self.days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A contract; None where it asks for nothing.

    Attributes:
        hours: A week, of somebody with just this contract's `share` of a full post.
        days, nights: At most so many in a row.
        rest: At least so many days off in a row.
        weekends: At most so many in four weeks.
        limits: At most so many minutes in any so many days in a row, whatever the share.
        barred: Shifts that nobody with it works.
    """

    id: str
    hours: float | None = None
    share: float = 1.0
    days: int | None = None
    nights: int | None = None
    rest: int | None = None
    weekends: int | None = None
    limits: tuple[tuple[int, int], ...] = ()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody of the ward.

    Attributes:
        account: The id of their account; empty where none is found.
        login: Their e-mail address or user name as the table has it.
        share: Of a full post.
        skills: Each with its last day; None without end.
        row: Where they stand on the sheet.
    """

    number: str
    name: str = ""
    account: str = ""
    login: str = ""
    contract: str
    share: float
    skills: tuple[tuple[str, date | None], ...] = ()
    barred: frozenset[str] = frozenset()
    row: int = 0

    def holds(self, skill: str, *, on: date) -> bool:
        return any(
            held == skill and (until is None or on <= until)
            for held, until in self.skills
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How many are needed on a day; `skill` is empty for anybody.

    They are needed for a shift, or throughout `times` of the day (then `shift` is
    empty), whichever shifts they work.
    """

    day: int
    shift: str
    times: Times | None = None
    skill: str
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillMix:
    """`of` people with `skill` for each begun `per` with `other` on a shift of a day."""

    day: int
    shift: str
    skill: str
    other: str
    of: int
    per: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two who should share their shifts or not meet; empty `shifts` stand for all."""

    first: str
    second: str
    is_together: bool
    shifts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish for a day: to work (one of) `shifts`, or none of them.

    `weight` is what it costs where it is not kept; None for what is usual.
    """

    number: str
    day: int
    shifts: frozenset[str]
    is_on: bool
    weight: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """Everything that could be read, even where something else could not."""

    shifts: tuple[ShiftType, ...] = ()
    contracts: tuple[Terms, ...] = ()
    staff: tuple[Staff, ...] = ()
    needs: tuple[Need, ...] = ()
    leave: Mapping[str, frozenset[int]] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()
    mixes: tuple[SkillMix, ...] = ()
    pairs: tuple[Pairing, ...] = ()
