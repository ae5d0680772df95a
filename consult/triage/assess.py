"""The level of a talk with its reasons: safety first, then vitals, then complaints.

Five levels of triage (immediate, emergency, urgent, semi-urgent, non-urgent) come out as
four: the first two are both an emergency for somebody who is at home.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from consult.safety.check import Person, Safety
from consult.safety.levels import Level, higher
from consult.triage.complaints import complaints
from consult.triage.departments import departments
from consult.triage.vitals import vital_levels

FRAIL_YEARS = 75
SMALL_YEARS = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level was given: a rule's id, a vital, or a complaint."""

    code: str
    level: Level


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level, never below that of safety; the reasons; at most three departments."""

    level: Level
    reasons: tuple[Reason, ...]
    departments: tuple[str, ...]


def assess(safety: Safety, *, person: Person, age: float | None) -> Assessment:
    """Return how soon somebody must be seen, why, and where."""
    reasons = [Reason(each.rule, each.level) for each in safety.findings]
    reasons += [
        Reason(code, level) for level, code in vital_levels(person.vitals, age=age)
    ]
    reasons += _from_complaints(safety, person, age)
    if not reasons:
        reasons = [Reason("nothing_named", "routine")]
    level = higher(*(reason.level for reason in reasons))
    return Assessment(level, tuple(reasons), departments(safety, level=level, age=age))


def _from_complaints(
    safety: Safety, person: Person, age: float | None
) -> Iterator[Reason]:
    reading = safety.reading
    present = reading.concepts("present")
    is_pregnant = person.pregnant or "pregnant" in present
    is_frail = age is not None and (age >= FRAIL_YEARS or age < SMALL_YEARS)
    wants_care = bool(present & {"chronic", "worsening", "severe"})
    for complaint in complaints():
        if complaint.concept not in present:
            continue
        level = complaint.level
        if level == "self_care" and (is_pregnant or is_frail or wants_care):
            level = "routine"
        if complaint.urgent_with & present or (
            "severe" in present and _is_near(safety, complaint.concept)
        ):
            level = "urgent"
        yield Reason(f"complaint.{complaint.concept}", level)


def _is_near(safety: Safety, concept: str) -> bool:
    if concept not in _PAINS:
        return False
    places = safety.reading.places("present")
    return not places[concept].isdisjoint(places["severe"])


# Complaints that are urgent when severe: a pain that somebody cannot bear is not awaited.
_PAINS = frozenset({"tooth", "ear", "eye", "bone", "stomach", "urine", "headache_told"})
