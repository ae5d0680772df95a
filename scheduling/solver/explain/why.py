"""Why somebody has a shift: what each other way would break or cost.

Every alternative is judged twice: as it stands, by the verifier's difference; and with
the rows of both people solved anew around it, so that "it breaks her rest" is not said
of what a swap two days later would mend.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduling.solver.errors import InstanceError
from scheduling.solver.explain import words
from scheduling.solver.explain.deadline import Deadline, Undecided
from scheduling.solver.instance import Instance
from scheduling.solver.mending.parts import name_of
from scheduling.solver.message import Message, message, phrase
from scheduling.solver.roster import Roster
from scheduling.solver.rules import OFF
from scheduling.solver.search.model.build import Scope, build, possible
from scheduling.solver.search.model.cells import Choices
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.verify import Cost, Judge, Judged, Verdict, Violation

DEFAULT_SECONDS = 5.0
SECONDS_A_SOLVE = 0.5  # two rows: mostly a few hundredths


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to a roster.

    Attributes:
        cost: How much more the roster costs; negative for less.
        broken: Hard rules that were kept before.
        dearer, cheaper: Costs that come, and costs that go.
    """

    cost: int
    broken: tuple[Violation, ...]
    dearer: tuple[Cost, ...]
    cheaper: tuple[Cost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Somebody else in the cell's shift, or nobody.

    Attributes:
        person: Who would work it; empty for nobody.
        direct: What it does if nothing else changes.
        resolved: What it does with both rows solved anew; None where that was not tried
            or no roster was found.
        roster: The roster of `resolved`.
        is_impossible: No change to the rows concerned keeps every hard rule while the
            others stay as they are.
    """

    person: str
    direct: Effect
    resolved: Effect | None = None
    roster: Roster | None = None
    is_impossible: bool = False

    def messages(self, instance: Instance, why: "Why") -> tuple[Message, ...]:
        """Return the alternative and its consequences as sentences."""
        template = words.OTHER_INSTEAD if self.person else words.NOBODY_INSTEAD
        opening = message(
            "other_instead" if self.person else "nobody_instead",
            template,
            person=name_of(instance, why.person),
            other=name_of(instance, self.person) if self.person else "",
            shift=instance.shift_by_id[why.shift].name or why.shift,
            date=instance.date_of(why.day).isoformat(),
        )
        return opening, *self._consequences()

    def _consequences(self) -> Iterable[Message]:
        """Yield what the plain change does, then what further changes make of it."""
        if self.direct.broken:
            count = len(self.direct.broken)
            yield message("breaks", words.BREAKS, count=count)
        else:
            yield _told(self.direct.cost, _COSTS)
        if self.is_impossible:
            yield message("impossible", words.IMPOSSIBLE)
        elif self.resolved is not None and self.is_mended:
            yield _told(self.resolved.cost, _MENDED)
        elif self.direct.broken:
            yield message("undecided", words.UNDECIDED)

    @property
    def is_mended(self) -> bool:
        """Whether solving anew found more than the plain change."""
        return bool(self.direct.broken) or (
            self.resolved is not None and self.resolved.cost < self.direct.cost
        )


_COSTS = (
    ("costs_less", words.COSTS_LESS),
    ("costs_same", words.COSTS_SAME),
    ("costs_more", words.COSTS_MORE),
)
_MENDED = (
    ("mended_less", words.MENDED_LESS),
    ("mended_same", words.MENDED_SAME),
    ("mended_more", words.MENDED_MORE),
)


def _told(cost: int, sentences: tuple[tuple[str, str], ...]) -> Message:
    """Return the sentence for less, the same, or more."""
    code, template = sentences[(cost > 0) - (cost < 0) + 1]
    return message(code, template, cost=abs(cost))


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why somebody works a shift: what there was instead, the best first."""

    person: str
    day: int
    shift: str
    alternatives: tuple[Alternative, ...]


def why(
    instance: Instance,
    roster: Roster,
    *,
    person: str,
    day: int,
    seconds: float = DEFAULT_SECONDS,
) -> Why:
    """Return what would be if another, or nobody, worked somebody's shift.

    Args:
        instance: The problem.
        roster: The roster in question.
        person: Whose shift.
        day: When.
        seconds: Wall time; alternatives not solved anew by then have a direct effect
            only.

    Raises:
        InstanceError: The person is unknown, the day lies outside, or is free.
    """
    index = _index(instance, roster, person, day)
    shift = roster.rows[index][day]
    question = _Question(instance, roster, index, day, shift)
    others = [one for one in range(len(instance.people)) if one != index]
    judged = [question.direct(None), *(question.direct(other) for other in others)]
    ranked = sorted(judged, key=_direct_rank)
    deadline = Deadline(seconds)
    solved = [question.resolved(one, deadline) for one in ranked]
    return Why(
        person=person,
        day=day,
        shift=shift,
        alternatives=tuple(sorted(solved, key=_rank)),
    )


def _index(instance: Instance, roster: Roster, person: str, day: int) -> int:
    if person not in instance.person_index:
        message_ = phrase(
            "The question names the unknown person %(person)s.", person=person
        )
        raise InstanceError(message_)
    index = instance.person_index[person]
    if not 0 <= day < instance.days or roster.rows[index][day] == OFF:
        message_ = phrase(
            "%(person)s works nothing on day %(day)s.", person=person, day=day
        )
        raise InstanceError(message_)
    return index


class _Question:
    """One cell of one roster, and everything that is asked of it."""

    def __init__(
        self, instance: Instance, roster: Roster, person: int, day: int, shift: str
    ) -> None:
        self._instance = instance
        self._roster = roster
        self._person, self._day, self._shift = person, day, shift
        self._judge = Judge(instance)
        self._before: Judged = self._judge.judge(roster)
        self._choices = possible(instance)

    def direct(self, other: int | None) -> Alternative:
        """Return what happens if another, or nobody, simply takes the shift."""
        judged = self._before.with_cell(self._person, self._day, OFF)
        if other is not None:
            judged = judged.with_cell(other, self._day, self._shift)
        return Alternative(
            person="" if other is None else self._instance.people[other].id,
            direct=effect(self._before.verdict, judged.verdict),
        )

    def resolved(self, one: Alternative, deadline: Deadline) -> Alternative:
        """Return the alternative with the rows concerned solved anew."""
        rows = {self._person}
        if one.person:
            rows.add(self._instance.person_index[one.person])
        model = build(
            self._instance,
            choices=self._narrowed(one),
            scope=Scope(
                around=self._roster,
                free={(row, day) for row in rows for day in range(self._instance.days)},
            ),
        )
        try:
            seconds = min(SECONDS_A_SOLVE, deadline.seconds_left())
        except Undecided:
            return one
        answer = solve_cpsat(
            model.linear,
            budget=Budget(seconds=seconds),
            hint=model.cells.hint(self._roster),
        )
        if answer.values is None:
            return Alternative(
                person=one.person,
                direct=one.direct,
                is_impossible=answer.status == "infeasible",
            )
        roster = model.roster(answer.values)
        verdict = self._judge.judge(roster).verdict
        return Alternative(
            person=one.person,
            direct=one.direct,
            resolved=effect(self._before.verdict, verdict),
            roster=roster,
        )

    def _narrowed(self, one: Alternative) -> Choices:
        """Return what cells may hold when the shift is taken from one and given on."""
        choices = [list(row) for row in self._choices]
        mine = frozenset(choices[self._person][self._day]) - {self._shift}
        choices[self._person][self._day] = mine
        if one.person:
            other = self._instance.person_index[one.person]
            theirs = frozenset(choices[other][self._day]) & {self._shift}
            choices[other][self._day] = theirs
        return choices


def effect(before: Verdict, after: Verdict) -> Effect:
    """Return what is broken, and what costs more or less, after a change."""
    was, now = set(before.costs), set(after.costs)
    kept = {(one.person, one.rule, one.days) for one in before.hard}
    return Effect(
        cost=after.objective - before.objective,
        broken=tuple(
            one for one in after.hard if (one.person, one.rule, one.days) not in kept
        ),
        dearer=tuple(one for one in after.costs if one not in was),
        cheaper=tuple(one for one in before.costs if one not in now),
    )


def _direct_rank(one: Alternative) -> tuple[int, int]:
    return len(one.direct.broken), one.direct.cost


def _rank(one: Alternative) -> tuple[bool, bool, int, int]:
    """Put what is possible first, the cheapest before the others."""
    known = one.resolved or one.direct
    return one.is_impossible, one.resolved is None, len(known.broken), known.cost
