"""The competition's rules as an instance, for one week or for the whole horizon."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.solver.formats.inrc2.history import History, cells_before
from scheduling.solver.formats.inrc2.scenario import (
    ContractTerms,
    Scenario,
    ShiftTerms,
)
from scheduling.solver.formats.inrc2.sections import WEEK
from scheduling.solver.formats.inrc2.week import ANY_SHIFT, Week
from scheduling.solver.instance import (
    Contract,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.rules import (
    Count,
    Demand,
    Pattern,
    Request,
    Rule,
    Run,
    Weekends,
)

START = date(2024, 1, 1)  # the files name no date, only that weeks begin on Mondays
EVERYBODY = "everybody"
NIGHT = "Night"

# The weights of the competition, sections S1 to S7 of its rules.
OPTIMAL_COVER = 30
SAME_SHIFT_IN_A_ROW = 15
WORK_IN_A_ROW = 30
REST_IN_A_ROW = 30
REQUEST = 10
COMPLETE_WEEKEND = 30
ASSIGNMENTS = 20
WORKING_WEEKENDS = 30


@dataclass(frozen=True, slots=True)
class Totals:
    """The range that a nurse's totals should lie in when the days are over."""

    name: str
    fewest: int
    most: int
    most_weekends: int


def problem(
    scenario: Scenario,
    history: History,
    weeks: Sequence[Week],
    *,
    totals: Mapping[str, Totals],
) -> Instance:
    """Return the instance of some weeks that follow a history.

    Args:
        scenario: What stays the same.
        history: The state before the first of the weeks.
        weeks: What each week asks for.
        totals: What the totals of each contract should be in the end.
    """
    everybody = Contract(id=EVERYBODY, rules=tuple(_everybodys_rules(scenario)))
    contracts = tuple(
        Contract(id=terms.id, rules=tuple(_contract_rules(terms)))
        for terms in scenario.contracts.values()
    )
    return Instance(
        name=scenario.name,
        start=START + timedelta(days=WEEK * history.week),
        days=WEEK * len(weeks),
        shift_types=tuple(_shift_types(scenario)),
        people=tuple(_people(scenario, history, totals)),
        contracts=(everybody, *contracts),
        demands=tuple(_demands(scenario, weeks)),
        requests=tuple(_requests(scenario, weeks)),
    )


def _shift_types(scenario: Scenario) -> Iterator[ShiftType]:
    for shift in scenario.shifts:
        for skill in scenario.skills:
            yield ShiftType(
                id=scenario.cell(shift, skill),
                name=f"{shift} ({skill})",
                is_night=shift == NIGHT,
                skill=skill,
                group=shift,
            )


def _group(scenario: Scenario, shift: str) -> frozenset[str]:
    return frozenset(scenario.cell(shift, skill) for skill in scenario.skills)


def _everybodys_rules(scenario: Scenario) -> Iterator[Rule]:
    for shift in scenario.shifts.values():
        yield _shift_run(scenario, shift)
        if shift.forbidden_next:
            after = [_group(scenario, one) for one in shift.forbidden_next]
            told = ", ".join(sorted(shift.forbidden_next))
            yield Pattern(
                name=f"{shift.id} before {told}",
                days=(_group(scenario, shift.id), frozenset().union(*after)),
            )


def _shift_run(scenario: Scenario, shift: ShiftTerms) -> Rule:
    least, most = shift.in_a_row
    return Run(
        name=f"consecutive {shift.id} shifts",
        of="shifts",
        shifts=_group(scenario, shift.id),
        at_least=least,
        at_most=most,
        weight=SAME_SHIFT_IN_A_ROW,
    )


def _contract_rules(terms: ContractTerms) -> Iterator[Rule]:
    least, most = terms.work_in_a_row
    yield Run(
        name="consecutive working days",
        at_least=least,
        at_most=most,
        weight=WORK_IN_A_ROW,
    )
    least, most = terms.rest_in_a_row
    yield Run(
        name="consecutive days off",
        of="off",
        at_least=least,
        at_most=most,
        weight=REST_IN_A_ROW,
    )
    if terms.has_complete_weekends:
        yield Weekends(
            name="complete weekends", measure="complete", weight=COMPLETE_WEEKEND
        )


def _people(
    scenario: Scenario, history: History, totals: Mapping[str, Totals]
) -> Iterator[Person]:
    for nurse in scenario.nurses.values():
        before = history.nurses[nurse.id]
        total = totals[nurse.contract]
        yield Person(
            id=nurse.id,
            contracts=(EVERYBODY, nurse.contract),
            rules=tuple(_totals_rules(total, before.assignments, before.weekends)),
            skills=tuple(HeldSkill(skill=skill) for skill in nurse.skills),
            history=cells_before(scenario, before),
        )


def _totals_rules(total: Totals, assignments: int, weekends: int) -> Iterator[Rule]:
    yield Count(
        name=f"{total.name} assignments",
        at_least=total.fewest,
        at_most=total.most,
        before=assignments,
        weight=ASSIGNMENTS,
    )
    yield Weekends(
        name=f"{total.name} working weekends",
        at_most=total.most_weekends,
        before=weekends,
        weight=WORKING_WEEKENDS,
    )


def _demands(scenario: Scenario, weeks: Sequence[Week]) -> Iterator[Demand]:
    for place, week in enumerate(weeks):
        for need in week.requirements:
            day = WEEK * place + need.day
            cell = frozenset({scenario.cell(need.shift, need.skill)})
            if need.minimum:
                yield Demand(
                    day=day, shifts=cell, at_least=need.minimum, name="minimal cover"
                )
            if need.optimum > need.minimum:
                yield Demand(
                    day=day,
                    shifts=cell,
                    at_least=need.optimum,
                    under_weight=OPTIMAL_COVER,
                    name="optimal cover",
                )


def _requests(scenario: Scenario, weeks: Sequence[Week]) -> Iterator[Request]:
    everything = frozenset(
        scenario.cell(shift, skill)
        for shift in scenario.shifts
        for skill in scenario.skills
    )
    for place, week in enumerate(weeks):
        for wish in week.requests:
            is_day_off = wish.shift == ANY_SHIFT
            yield Request(
                person=wish.nurse,
                day=WEEK * place + wish.day,
                shifts=everything if is_day_off else _group(scenario, wish.shift),
                is_on=False,
                weight=REQUEST,
            )
