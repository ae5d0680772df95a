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
from scheduling.solver.formats.inrc2.week import Week, read_week
from scheduling.solver.formats.source import Line, numbered
from scheduling.solver.instance import Instance
from scheduling.solver.message import phrase
from scheduling.solver.roster import Roster

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Competition:
    """A scenario, the history before it, and its weeks in their order."""

    scenario: Scenario
    history: History
    weeks: tuple[Week, ...]

    def whole(self) -> Instance:
        """Return the whole horizon: what a run is judged by in the end."""
        weeks = len(self.weeks)
        return self._problem(self.history, self.weeks, done=weeks)

    def stage(self, history: History) -> Instance:
        """Return the instance of the week that follows a history.

        Before the last week, the totals should lie within this week's share of the
        horizon's range: what is spent early is missing later.
        """
        week = self.weeks[history.week]
        return self._problem(history, (week,), done=history.week + 1)

    def _problem(
        self, history: History, weeks: Sequence[Week], *, done: int
    ) -> Instance:
        totals = {
            terms.id: _totals(terms, done=done, weeks=len(self.weeks))
            for terms in self.scenario.contracts.values()
        }
        return problem(self.scenario, history, weeks, totals=totals)

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
        message = phrase(
            "%(name)s has %(weeks)s weeks, but %(count)s are named.",
            name=name,
            weeks=scenario.weeks,
            count=len(weeks),
        )
        raise FormatError(message)
    first = _only(folder, f"H0-{name}-{history}.txt")
    return Competition(
        scenario,
        _within(first, lambda text: read_history(text, scenario, is_first=True)),
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
        message = phrase(
            "A history and %(weeks)s weeks belong after the scenario.",
            weeks=scenario.weeks,
        )
        raise FormatError(message)
    history = read_history(parts[1], scenario, is_first=True)
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
        message = phrase(
            "The folder holds %(count)s files %(pattern)s, not one.",
            count=len(found),
            pattern=pattern,
        )
        raise FormatError(message)
    return found[0]


def _within(path: Path, read: Callable[[str], Content]) -> Content:
    """Return what a file holds; an error names the file too."""
    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        message = phrase("%(path)s: This is not text in UTF-8.", path=path.name)
        raise FormatError(message) from error
    except FormatError as error:
        named = FormatError(phrase("%(path)s: %(why)s", path=path.name, why=str(error)))
        named.line = error.line
        raise named from error


def _totals(terms: ContractTerms, *, done: int, weeks: int) -> Totals:
    """Return what a contract's totals should be once so many weeks are done."""
    least, most = terms.assignments
    return Totals(
        name="total" if done == weeks else "share of",
        fewest=least * done // weeks,
        most=-(-most * done // weeks),
        most_weekends=-(-terms.most_weekends * done // weeks),
    )
