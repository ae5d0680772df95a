"""The level of a talk with its reasons: safety first, then vitals, then complaints.

Five levels of acuity come out as four of urgency: the first two are both an emergency for
somebody who is at home, and the desk takes the first before the second.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from consult.safety.check import Person, Safety
from consult.safety.levels import Level, higher
from consult.safety.wordings import length_of
from consult.triage.acuity import acuity_of, immediate_signs
from consult.triage.complaints import complaints
from consult.triage.departments import departments
from consult.triage.told import levels_told
from consult.triage.vitals import vital_levels

FRAIL_YEARS = 75
SMALL_YEARS = 2
SURE_OF_EMERGENCY = 0.6  # of all words, where those of danger alone are not enough
OF_A_RULE = 0.2  # what the level of a complaint adds to how sure all words are
FEW_WORDS = (
    7  # or Chinese characters: `cough for 3 days` says no more than its complaint
)
OF_NOTHING = 0.3  # where no complaint is named, `routine` is likelier


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level was given: a rule's id, a vital, or a complaint."""

    code: str
    level: Level


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level, never below that of safety; the reasons; at most three departments.

    Attributes:
        is_immediate: Whether a life is in danger now: acuity 1.
    """

    level: Level
    reasons: tuple[Reason, ...]
    departments: tuple[str, ...]
    is_immediate: bool = False

    @property
    def acuity(self) -> int:
        """From 1, the gravest, to 5."""
        return acuity_of(self.level, is_immediate=self.is_immediate)


def assess(
    safety: Safety,
    *,
    person: Person,
    age: float | None,
    offered: Collection[str] | None = None,
    without: Collection[str] = (),
) -> Assessment:
    """Return how soon somebody must be seen, why, and where of what is offered.

    Args:
        safety: What the rules of safety found.
        person: What is known of who has it.
        age: In years, where it is known.
        offered: The departments that the hospital has; none: all that are known.
        without: Words that tell of no illness, left out when departments are weighed.
    """
    signs = list(immediate_signs(safety, person))
    reasons = [Reason(code, "emergency") for code in signs]
    reasons += [Reason(each.rule, each.level) for each in safety.findings]
    reasons += [
        Reason(code, level) for level, code in vital_levels(person.vitals, age=age)
    ]
    told = {
        each.label: each.probability
        for each in levels_told(safety, person=person, age=age)
    }
    reasons += _second_opinion(safety, told)
    ruled = list(_from_complaints(safety, person, age))
    if higher(*(reason.level for reason in reasons)) != "emergency":
        ruled = _with_all_words(ruled, told, safety, person, age)
    reasons += ruled
    level = higher(*(reason.level for reason in reasons))
    codes = departments(
        safety, level=level, person=person, age=age, offered=offered, without=without
    )
    return Assessment(level, tuple(reasons), codes, is_immediate=bool(signs))


def _second_opinion(safety: Safety, told: Mapping[str, float]) -> Iterator[Reason]:
    """Yield an emergency where the words of danger are near to one, and those of levels sure."""
    is_known = any(each.rule == "emergency.weighed" for each in safety.findings)
    if (
        not is_known
        and "emergency" in safety.near
        and told["emergency"] >= SURE_OF_EMERGENCY
    ):
        yield Reason("emergency.weighed", "emergency")


def _with_all_words(
    ruled: list[Reason],
    told: Mapping[str, float],
    safety: Safety,
    person: Person,
    age: float | None,
) -> list[Reason]:
    """Return the complaints at the level that all words of the message tell.

    The level of a red flag stands, and few words lift no complaint to `urgent`.
    """
    level = higher(*(reason.level for reason in ruled)) if ruled else "routine"
    sure = {label: share for label, share in told.items() if label != "emergency"}
    sure[level] += OF_A_RULE if ruled else OF_NOTHING
    likeliest = cast("Level", max(sure, key=sure.__getitem__))
    if (
        level != "self_care"
        and likeliest == "self_care"
        and _wants_care(safety, person, age)
    ):
        likeliest = "routine"
    if not ruled:
        return [Reason("nothing_named", likeliest)]
    is_scant = _words_of(safety) <= FEW_WORDS and not _wants_care(safety, person, age)
    if is_scant and likeliest == "urgent" and level != "urgent":
        likeliest = "routine"
    flagged = _flagged(safety)
    return [
        each if each.code in flagged else Reason(each.code, likeliest) for each in ruled
    ]


def _words_of(safety: Safety) -> int:
    return sum(length_of(sentence.text) for sentence in safety.reading.sentences)


def _flagged(safety: Safety) -> frozenset[str]:
    """Return the codes of complaints that come with a red flag, or are severe."""
    present = safety.reading.concepts("present")
    return frozenset(
        f"complaint.{complaint.concept}"
        for complaint in complaints()
        if complaint.concept in present
        and (
            complaint.urgent_with & present
            or ("severe" in present and _is_near(safety, complaint.concept))
        )
    )


def _wants_care(safety: Safety, person: Person, age: float | None) -> bool:
    """Whether somebody is with child, frail, or has had it long or ever worse."""
    present = safety.reading.concepts("present")
    is_frail = age is not None and (age >= FRAIL_YEARS or age < SMALL_YEARS)
    lasts = not present.isdisjoint({"chronic", "worsening", "severe"})
    return person.pregnant or "pregnant" in present or is_frail or lasts


def _from_complaints(
    safety: Safety, person: Person, age: float | None
) -> Iterator[Reason]:
    present = safety.reading.concepts("present")
    flagged, wants_care = _flagged(safety), _wants_care(safety, person, age)
    for complaint in complaints():
        if complaint.concept not in present:
            continue
        level = complaint.level
        if level == "self_care" and wants_care:
            level = "routine"
        if f"complaint.{complaint.concept}" in flagged:
            level = "urgent"
        yield Reason(f"complaint.{complaint.concept}", level)


def _is_near(safety: Safety, concept: str) -> bool:
    if concept not in _PAINS:
        return False
    places = safety.reading.places("present")
    return not places[concept].isdisjoint(places["severe"])


# Complaints that are urgent when severe: a pain that somebody cannot bear is not awaited.
_PAINS = frozenset({"tooth", "ear", "eye", "bone", "stomach", "urine"})
