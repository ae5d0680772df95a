"""The contracts of the first nurse rostering competition, as the file has them."""

import re
from dataclasses import dataclass

from scheduling.solver.formats.source import Line, shown
from scheduling.solver.message import phrase
from scheduling.solver.rules import LONGEST_MINIMUM, MAX_WEIGHT

WEEKENDS = {
    "SaturdaySunday": (5, 6),
    "FridaySaturdaySunday": (4, 5, 6),
    "SaturdaySundayMonday": (5, 6, 0),
    "FridaySaturdaySundayMonday": (4, 5, 6, 0),
}
_FIELDS = 20
_TERM = re.compile(r"\(\s*([01])\s*\|\s*(\d{1,9})\s*(?:\|\s*(\d{1,9})\s*)?\)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """One limit of a contract; `weight` is 0 where its flag is off."""

    weight: int
    value: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """A contract as the file has it."""

    id: str
    weekend: tuple[int, ...]
    most_assignments: Term
    fewest_assignments: Term
    longest_work: Term
    shortest_work: Term
    longest_rest: Term
    shortest_rest: Term
    most_weekends_in_a_row: Term
    fewest_weekends_in_a_row: Term
    most_weekends: Term
    complete_weekends: Term
    identical_weekends: Term
    no_night_before_free_weekend: Term
    two_free_days_after_night: Term
    alternative_skill: Term
    patterns: tuple[str, ...]


def read_terms(line: Line) -> Terms:
    """Return the contract that a line holds."""
    fields = line.fields(_FIELDS, what="A contract")
    definition = fields[12]
    if definition not in WEEKENDS:
        line.refuse(
            phrase(
                "The weekend %(definition)s is unknown.", definition=shown(definition)
            )
        )
    _term(line, fields[2], has_value=False)  # one shift a day: a cell holds no more
    patterns = tuple(fields[19].split())
    count = line.whole(fields[18], what="The number of patterns")
    if count != len(patterns):
        line.refuse(
            phrase(
                "%(count)s patterns are announced, %(found)s are named.",
                count=count,
                found=len(patterns),
            )
        )
    limit = [_term(line, text, has_value=True) for text in fields[3:12]]
    flag = [_term(line, text, has_value=False) for text in fields[13:18]]
    _need_fewest(line, limit[1], what="The fewest assignments")
    _need_minimum(line, limit[3], what="The fewest consecutive working days")
    _need_minimum(line, limit[5], what="The fewest consecutive free days")
    _need_minimum(line, limit[7], what="The fewest consecutive working weekends")
    return Terms(
        id=line.name(fields[0], what="A contract's id"),
        weekend=WEEKENDS[definition],
        most_assignments=limit[0],
        fewest_assignments=limit[1],
        longest_work=limit[2],
        shortest_work=limit[3],
        longest_rest=limit[4],
        shortest_rest=limit[5],
        most_weekends_in_a_row=limit[6],
        fewest_weekends_in_a_row=limit[7],
        most_weekends=limit[8],
        complete_weekends=flag[0],
        identical_weekends=flag[1],
        no_night_before_free_weekend=flag[2],
        two_free_days_after_night=flag[3],
        alternative_skill=flag[4],
        patterns=patterns,
    )


def _term(line: Line, text: str, *, has_value: bool) -> Term:
    found = _TERM.fullmatch(text)
    if found is None or (found[3] is not None) != has_value:
        form = "(on|weight|value)" if has_value else "(on|weight)"
        line.refuse(
            phrase("%(text)s is not of the form %(form)s.", text=shown(text), form=form)
        )
    weight = line.whole(found[2], what="The weight", most=MAX_WEIGHT)
    return Term(weight if found[1] == "1" else 0, int(found[3] or 0))


def _need_fewest(line: Line, term: Term, *, what: str) -> None:
    """Refuse more than any roster holds: at their weight they could not be counted."""
    if term.weight:
        line.whole(str(term.value), what=what, most=LONGEST_MINIMUM)


def _need_minimum(line: Line, term: Term, *, what: str) -> None:
    if term.weight:
        line.minimum(term.value, what=what)
