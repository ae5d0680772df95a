"""A competition run: weeks that become known one after the other, judged together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from scheduling.solver.errors import FormatError
from scheduling.solver.formats.inrc2.history import (
    History,
    history_after,
    read_history,
)
from scheduling.solver.formats.inrc2.problem import Totals, problem
from scheduling.solver.formats.inrc2.scenario import (
    ContractTerms,
    Scenario,
    read_scenario,
)
from scheduling.solver.formats.inrc2.sections import WEEK
from scheduling.solver.formats.inrc2.week import Week, read_week
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster

Content = TypeVar("Content")

_CERTAIN = "total"  # what the whole horizon costs
_LIKELY = "share of"  # what this week's part of it should be
_LIKELY_SHARE = 2  # later weeks can still make up for it: half the weight


@dataclass(frozen=True, slots=True)
class Competition:
    """A scenario, the history before it, and its weeks in their order."""

    scenario: Scenario
    history: History
    weeks: tuple[Week, ...]

    def whole(self) -> Instance:
        """Return the whole horizon: what a run is judged by in the end."""
        totals = {
            terms.id: (_certain(terms),) for terms in self.scenario.contracts.values()
        }
        return problem(self.scenario, self.history, self.weeks, totals=totals)

    def stage(self, history: History) -> Instance:
        """Return the instance of the week that follows a history.

        Before the last week, the totals should lie within this week's share of the
        horizon's range; what can no longer be made up for costs in full.
        """
        week = self.weeks[history.week]
        done = history.week + 1
        totals = {
            terms.id: _stage_totals(terms, done=done, weeks=len(self.weeks))
            for terms in self.scenario.contracts.values()
        }
        return problem(self.scenario, history, (week,), totals=totals)

    def after(self, history: History, roster: Roster) -> History:
        """Return the history once the week that follows it is worked as rostered."""
        return history_after(self.scenario, history, roster)

    def joined(self, rosters: Sequence[Roster]) -> Roster:
        """Return the roster of the whole horizon from those of its weeks."""
        rows = zip(*(roster.rows for roster in rosters), strict=True)
        return Roster(
            tuple(tuple(cell for week in row for cell in week) for row in rows)
        )


def read_competition(
    folder: Path, *, history: int, weeks: Sequence[int]
) -> Competition:
    """Return the run that a folder of the competition's files describes.

    Args:
        folder: Holds one `Sc-*.txt`, and `H0-*-N.txt` and `WD-*-N.txt` by number.
        history: The number of the first history.
        weeks: The numbers of the weeks' files in the order they are worked.

    Raises:
        FormatError: A file is missing or not what the format says.
    """
    scenario = _within(_only(folder, "Sc-*.txt"), read_scenario)
    name = scenario.name
    if len(weeks) != scenario.weeks:
        message = f"{name} has {scenario.weeks} weeks, but {len(weeks)} are named."
        raise FormatError(message)
    first = _only(folder, f"H0-{name}-{history}.txt")
    return Competition(
        scenario,
        _within(first, lambda text: read_history(text, scenario)),
        tuple(
            _within(
                _only(folder, f"WD-{name}-{week}.txt"),
                lambda text: read_week(text, scenario),
            )
            for week in weeks
        ),
    )


def read_inrc2(text: str, *, name: str = "") -> Instance:
    """Return the whole horizon of a scenario, its history and its weeks in one text.

    The files follow each other as they are: the scenario, one history, each week.

    Raises:
        FormatError: A part is missing or not what the format says; the message names
            the line.
    """
    parts = _parts(numbered(text))
    scenario = read_scenario(parts[0])
    if len(parts) != 2 + scenario.weeks:
        message = f"A history and {scenario.weeks} weeks belong after the scenario."
        raise FormatError(message)
    history = read_history(parts[1], scenario)
    weeks = tuple(read_week(part, scenario) for part in parts[2:])
    return replace(
        Competition(scenario, history, weeks).whole(), name=name or scenario.name
    )


def _parts(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each file, split where the next one begins."""
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line.text in {"HISTORY", "WEEK_DATA"}:
            parts.append([])
        parts[-1].append(line)
    return parts


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        message = f"The folder holds {len(found)} files {pattern}, not one."
        raise FormatError(message)
    return found[0]


def _within(path: Path, read: Callable[[str], Content]) -> Content:
    """Return what a file holds; an error names the file too."""
    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        message = f"{path.name}: This is not text in UTF-8."
        raise FormatError(message) from error
    except FormatError as error:
        named = FormatError(f"{path.name}: {error}")
        named.line = error.line
        raise named from error


def _certain(terms: ContractTerms) -> Totals:
    least, most = terms.assignments
    return Totals(_CERTAIN, least, most, terms.most_weekends)


def _stage_totals(terms: ContractTerms, *, done: int, weeks: int) -> tuple[Totals, ...]:
    """Return what a contract's totals should be once so many weeks are done."""
    if done == weeks:
        return (_certain(terms),)
    least, most = terms.assignments
    to_come = WEEK * (weeks - done)
    return (
        Totals(_CERTAIN, max(least - to_come, 0), most, terms.most_weekends),
        Totals(
            _LIKELY,
            least * done // weeks,
            -(-most * done // weeks),
            -(-terms.most_weekends * done // weeks),
            share=_LIKELY_SHARE,
        ),
    )
