"""What tables that were sent say otherwise than a roster's own, in plain words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from scheduling.importing.differences import words
from scheduling.importing.headings import (
    CHARGE,
    COLUMNS,
    CONTRACTS,
    PEOPLE,
    SHIFTS,
    Tongue,
    both,
)
from scheduling.importing.moments import name_of
from scheduling.importing.preview import count_of
from scheduling.importing.tables import clock, limit
from scheduling.importing.ward import Period, Staff, Terms, Ward
from scheduling.solver.instance import ShiftType
from scheduling.solver.message import Message, Value, message

SENTENCES = {name: text for name, text in vars(words).items() if name.isupper()}
NOTHING = "–"
MINUTES_AN_HOUR = 60
Cells = Mapping[tuple[str, int], str]  # by person id and day, worked cells only


@dataclass(frozen=True, slots=True)
class Differences:
    """What is said of a change.

    Attributes:
        told: What the roster's own tables say.
        sent: What the tables that were sent say.
        period: The days that both are about.
        cells: What is worked now.
        asked: How many requests of the staff each shift has.
    """

    told: Ward
    sent: Ward
    period: Period
    cells: Cells
    asked: Mapping[str, int]

    def __iter__(self) -> Iterator[Message]:
        yield from self._people()
        yield from self._leave()
        yield from self._contracts()
        yield from self._shifts()
        yield from self._needs()
        yield from self._counted()

    def _people(self) -> Iterator[Message]:
        was = {one.number: one for one in self.told.staff}
        now = {one.number: one for one in self.sent.staff}
        worked = Counter(person for person, _day in self.cells)
        for number, one in now.items():
            if number not in was:
                yield _said("joins", name=one.name, number=number)
        for number, one in was.items():
            if number not in now:
                count = worked[number]
                yield _said("leaves", name=one.name, number=number, count=count)
        for number, one in now.items():
            if number in was:
                yield from _person(was[number], one)

    def _leave(self) -> Iterator[Message]:
        was = {one.number for one in self.told.staff}
        for one in self.sent.staff:
            before = self.told.leave.get(one.number, frozenset())
            after = self.sent.leave.get(one.number, frozenset())
            if one.number in was and after - before:
                dates = self._dates(after - before)
                yield _said("leave_added", name=one.name, dates=dates)
            if one.number in was and before - after:
                dates = self._dates(before - after)
                yield _said("leave_gone", name=one.name, dates=dates)

    def _contracts(self) -> Iterator[Message]:
        was = {one.id: one for one in self.told.contracts}
        having = {one.contract for one in self.sent.staff}
        for one in self.sent.contracts:
            if one.id in was and one.id in having:
                yield from _columns(
                    "terms_changed",
                    CONTRACTS,
                    _terms(was[one.id]),
                    _terms(one),
                    contract=one.id,
                )

    def _shifts(self) -> Iterator[Message]:
        was = {one.id: one for one in self.told.shifts}
        now = {one.id: one for one in self.sent.shifts}
        worked = Counter(self.cells.values())
        for shift in now:
            if shift not in was:
                yield _said("shift_new", shift=shift)
        for shift in was:
            if shift not in now:
                yield _said("shift_gone", shift=shift, count=worked[shift])
                if self.asked.get(shift):
                    count = self.asked[shift]
                    yield _said("requests_declined", shift=shift, count=count)
        for one in self.sent.shifts:
            if one.id in was:
                yield from _columns(
                    "shift_changed",
                    SHIFTS,
                    _hours(was[one.id]),
                    _hours(one),
                    shift=one.id,
                )

    def _needs(self) -> Iterator[Message]:
        """Yield what each need becomes, days on which it becomes the same together."""
        was, now = dict(_asked(self.told)), dict(_asked(self.sent))
        changed: dict[tuple[str, str, str], list[int]] = {}
        for place in {**was, **now}:
            before, after = was.get(place, "0"), now.get(place, "0")
            if before != after:
                need, day = place
                changed.setdefault((need, before, after), []).append(day)
        for (need, before, after), days in changed.items():
            yield _said(
                "need_changed",
                need=need,
                before=before,
                after=after,
                count=len(days),
                first=self._date(min(days)),
            )

    def _counted(self) -> Iterator[Message]:
        stay = {one.number for one in self.sent.staff}
        wishes = [one for one in self.told.wishes if one.number in stay]
        if set(wishes) != set(self.sent.wishes):
            before, after = len(self.told.wishes), len(self.sent.wishes)
            yield _said("requests_changed", before=before, after=after)
        pairs = [one for one in self.told.pairs if {one.first, one.second} <= stay]
        if set(pairs) != set(self.sent.pairs):
            before, after = len(self.told.pairs), len(self.sent.pairs)
            yield _said("pairs_changed", before=before, after=after)

    def _dates(self, days: Iterable[int]) -> str:
        return ", ".join(self._date(day) for day in sorted(days))

    def _date(self, day: int) -> str:
        return (self.period.start + timedelta(days=day)).isoformat()


def _person(was: Staff, now: Staff) -> Iterator[Message]:
    if was.name != now.name:
        yield _said("renamed", number=now.number, before=was.name, after=now.name)
    told = {
        "account_changed": (_login(was), _login(now)),
        "contract_changed": (was.contract, now.contract),
        "share_changed": (f"{was.share:g}", f"{now.share:g}"),
        "skills_changed": (_skills(was), _skills(now)),
        "barred_changed": (_list(was.barred), _list(now.barred)),
    }
    for code, (before, after) in told.items():
        if before != after:
            yield _said(code, name=now.name, before=before, after=after)


def _columns(
    code: str, kind: str, was: Mapping[str, str], now: Mapping[str, str], **who: str
) -> Iterator[Message]:
    """Yield the columns of one row that say something else."""
    for column, before in was.items():
        if before != now[column]:
            heading = both(COLUMNS[kind][column])
            yield _said(code, column=heading, before=before, after=now[column], **who)


def _login(staff: Staff) -> str:
    return staff.login if staff.account else NOTHING


def _skills(staff: Staff) -> str:
    return _list(
        _named(skill) + (f" ({until.isoformat()})" if until else "")
        for skill, until in staff.skills
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or NOTHING


def _terms(one: Terms) -> dict[str, str]:
    limits = [limit(*pair, tongue=Tongue()) for pair in one.limits]
    return {
        "hours": _number(one.hours),
        "share": _number(one.share),
        "days": _number(one.days),
        "nights": _number(one.nights),
        "rest": _number(one.rest),
        "weekends": _number(one.weekends),
        "limits": ", ".join(limits) or NOTHING,
    }


def _hours(one: ShiftType) -> dict[str, str]:
    return {
        "name": one.name or NOTHING,
        "start": clock(one.start_minute) or NOTHING,
        "end": clock(one.end_minute) or NOTHING,
        "hours": _number(one.minutes / MINUTES_AN_HOUR),
        "night": "✓" if one.is_night else NOTHING,
        "on_call": one.on_call or NOTHING,
    }


def _number(number: float | None) -> str:
    return NOTHING if number is None else f"{round(number, 2):g}"


def _asked(ward: Ward) -> Iterator[tuple[tuple[str, int], str]]:
    for need in ward.needs:
        what = name_of(need.times) if need.times else need.shift
        yield (_joined(what, need.skill), need.day), count_of(need)
    for mix in ward.mixes:
        skills = f"{_named(mix.skill)} : {_named(mix.other)}"
        yield (f"{mix.shift} · {skills}", mix.day), f"{mix.of}:{mix.per}"


def _joined(what: str, skill: str) -> str:
    return f"{what} · {_named(skill)}" if skill else what


def _named(skill: str) -> str:
    return both(COLUMNS[PEOPLE]["charge"]) if skill == CHARGE else skill


def _said(code: str, **values: Value) -> Message:
    return message(code, SENTENCES[code.upper()], **values)
