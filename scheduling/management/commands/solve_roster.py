"""`manage.py solve_roster FILE`: the best roster that the time allows, and how good it is."""

import json
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any  # Any: Django's signature

from django.core.management.base import CommandParser

from hospital.core.verbs import DONE, FAILED, BadInput, Verb
from scheduling.management.age import process_age_s
from scheduling.management.stages import read_run, solve_stages
from scheduling.management.verbs import read_problem
from scheduling.solver.formats import FORMATS, read_roster_csv, write_roster_csv
from scheduling.solver.instance import Instance
from scheduling.solver.roster import Roster
from scheduling.solver.search import (
    Progress,
    Solution,
    SolveLimits,
    solve_or_nearest,
)
from scheduling.solver.verify import verify

STAGES = "inrc2"  # the format whose weeks become known one after the other


class Command(Verb):
    help = "Make the best roster that the time allows, and say how good it must be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="or, for inrc2, its folder")
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--time-limit", type=float, required=True, metavar="S")
        parser.add_argument("--workers", type=int, default=2, metavar="N")
        parser.add_argument("--seed", type=int, default=0, metavar="N")
        parser.add_argument(
            "--deterministic",
            type=float,
            metavar="UNITS",
            help="units of work, about a second each: the same seed, the same roster",
        )
        parser.add_argument("--start", metavar="CSV", help="a roster to begin from")
        parser.add_argument("--history", type=int, default=0, metavar="H")
        parser.add_argument("--weeks", metavar="2-9-8-9", help="in the order worked")
        parser.add_argument("--out", metavar="CSV", help="where the roster goes")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def perform(self, options: dict[str, Any]) -> int:
        out = _place_for(options["out"])
        limits = SolveLimits(
            seconds=options["time_limit"],
            workers=options["workers"],
            seed=options["seed"],
            deterministic=options["deterministic"],
        )
        told = _Told(self.stderr.write)
        instance, solution = _solved(options, limits, told)
        document = as_json(instance, solution)
        answer = json.dumps(document, ensure_ascii=False)
        self.stdout.write(answer if options["json"] else in_words(instance, solution))
        if solution.roster is not None and out is not None:
            csv = write_roster_csv(instance, solution.roster)
            try:
                out.write_text(csv, encoding="utf-8")
            except OSError as error:
                self.stderr.write(f"error: {_unwritten(out, error)}", style_func=str)
                return FAILED
        return FAILED if solution.status == "unknown" else DONE


def _solved(
    options: dict[str, Any], limits: SolveLimits, told: "_Told"
) -> tuple[Instance, Solution]:
    """Return the whole problem and its solution; what was spent starting up counts."""
    path = Path(options["file"])
    if options["format"] == STAGES and path.is_dir():
        if options["start"] is not None:
            message = f"{path} is solved week by week: leave out --start"
            raise BadInput(message)
        run = read_run(path, history=options["history"], weeks=options["weeks"] or "")
        limits = _what_is_left(limits)
        return run.whole(), solve_stages(run, limits=limits, on_progress=told)
    instance = read_problem(path, kind=options["format"])
    start = _roster_in(options["start"], instance)
    limits = _what_is_left(limits)
    found = solve_or_nearest(instance, limits=limits, start=start, on_progress=told)
    return instance, found


def _what_is_left(limits: SolveLimits) -> SolveLimits:
    seconds = max(limits.seconds / 2, limits.seconds - process_age_s())
    return replace(limits, seconds=seconds)


def _roster_in(path: str | None, instance: Instance) -> Roster | None:
    if path is None:
        return None
    if not Path(path).is_file():
        message = f"there is no file {path}"
        raise BadInput(message)
    return read_roster_csv(instance, Path(path).read_text(encoding="utf-8-sig"))


def _place_for(path: str | None) -> Path | None:
    """Return where the roster goes, tried before the time is spent on it."""
    if path is None:
        return None
    out = Path(path)
    if not out.parent.is_dir():
        message = f"there is no folder {out.parent} for {out.name}: make it first"
        raise BadInput(message)
    try:
        is_new = not out.exists()
        out.open("a").close()
        if is_new:
            out.unlink()
    except OSError as error:
        raise BadInput(_unwritten(out, error)) from error
    return out


def _unwritten(out: Path, error: OSError) -> str:
    return f"{out} cannot be written: {error.strerror}"


class _Told:
    """Tells progress, at most once a second; an interrupt stops and keeps the best."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._last: tuple[int | None, float | None] = (None, None)
        self._told = 0.0
        self._is_interrupted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._interrupt)

    def __call__(self, progress: Progress) -> bool:
        news = (progress.objective, progress.bound)
        now = time.monotonic()
        if news != self._last and now - self._told >= 1.0:
            self._last, self._told = news, now
            self._write(_line(progress))
        return not self._is_interrupted

    def _interrupt(self, _number: int, _frame: object) -> None:
        self._is_interrupted = True


def _line(progress: Progress) -> str:
    objective = "none yet" if progress.objective is None else str(progress.objective)
    gap = "" if progress.gap is None else f", gap {progress.gap:.1%}"
    return f"{progress.elapsed_s:7.1f} s  objective {objective}, bound {progress.bound}{gap}"


def as_json(instance: Instance, solution: Solution) -> dict[str, object]:
    """Return the document of a solve; the verifier judges its roster once more."""
    verdict = None if solution.roster is None else verify(instance, solution.roster)
    return {
        "status": solution.status,
        "objective": None if verdict is None else verdict.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "first_feasible_s": solution.first_feasible_s,
        "wall_s": solution.wall_s,
        "penalties": {} if verdict is None else verdict.penalties,
        "hard_violations": None if verdict is None else len(verdict.hard),
    }


def in_words(instance: Instance, solution: Solution) -> str:
    """Return the main figures for a person."""
    if solution.status in {"infeasible", "unknown"}:
        return _without_legal_roster(instance, solution)
    return (
        f"{solution.status}: objective {solution.objective}, bound {solution.bound}, "
        f"gap {solution.gap:.1%}, {solution.wall_s:.1f} s"
    )


def _without_legal_roster(instance: Instance, solution: Solution) -> str:
    words = (
        "No roster can keep every hard rule: explain_roster says why."
        if solution.status == "infeasible"
        else "No roster that keeps every hard rule was found in the time given."
    )
    if solution.roster is None:
        return words
    broken = len(verify(instance, solution.roster).hard)
    return (
        f"{words} The nearest leaves {broken} of them unmet, at cost "
        f"{solution.objective}."
    )
