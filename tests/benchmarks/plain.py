"""One plain solver on the whole model: `python -m tests.benchmarks.plain SOLVER NAME S SEED`.

It prints what `solve_roster --json` prints, as far as the solver says it. As there, the limit
is reckoned from the start of the process.
"""

import json
import sys

from scheduling.management.age import process_age_s
from scheduling.solver.formats import read_instance
from scheduling.solver.search.model.build import build
from scheduling.solver.search.model.cpsat import Budget, solve_cpsat
from scheduling.solver.search.model.highs import solve_whole
from scheduling.solver.verify import verify
from tests.benchmarks.rosters import WORKERS, format_of, place_of


def main() -> None:
    """Solve and print."""
    solver, name, seconds, seed = sys.argv[1:]
    text = place_of(name).read_text(encoding="utf-8")
    instance = read_instance(text, format=format_of(name), name=name)
    model = build(instance)
    left = float(seconds) - process_age_s()
    if solver == "cp-sat":
        budget = Budget(seconds=left, workers=WORKERS, seed=int(seed))
        found = solve_cpsat(model.linear, budget=budget)
        values, bound = found.values, found.bound
    else:
        answer = solve_whole(
            model.linear, seconds=left, threads=WORKERS, seed=int(seed)
        )
        values, bound = answer.values, answer.bound
    roster = None if values is None else model.roster([round(one) for one in values])
    verdict = None if roster is None else verify(instance, roster)
    document = {
        "objective": None if verdict is None else verdict.objective,
        "bound": bound,
        "hard_violations": None if verdict is None else len(verdict.hard),
    }
    sys.stdout.write(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
