"""Which strategies run, on which worker, in which order, and for how long."""

from dataclasses import dataclass

from scheduling.solver.instance import Instance
from scheduling.solver.search.limits import SolveLimits
from scheduling.solver.search.strategies.elastic import binds_several

STRATEGIES = "scheduling.solver.search.strategies"
NEIGHBORHOODS = f"{STRATEGIES}.neighborhood_search"
RELAXATION = f"{STRATEGIES}.relaxation"
NEARLY_WHOLE = f"{STRATEGIES}.nearly_whole"
PROGRAM = f"{STRATEGIES}.program"
FEASIBILITY = f"{STRATEGIES}.feasibility"
WHOLE_ROWS = f"{STRATEGIES}.whole_rows"

# Shares of the whole time after which a turn has to end.
FEASIBILITY_SHARE = 0.4
WHOLE_ROWS_SHARE = 0.7  # where a whole program may finish what they leave open
ALONE_SHARE = 0.15  # of the search, where the same worker also has to prove bounds

# People x days x shifts.
SMALL = 1_500  # what branching solves within a minute
MIDDLING = 8_000  # what a simplex relaxes within seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One strategy's turn on a worker.

    Attributes:
        module: The module whose `run` is the strategy.
        share: Share of the whole time after which it has to end.
        work: What it may spend; None for the clock alone.
        seed: Added to the search's own.
        hears: Whether the best of others comes to it.
        until_any: Whether it goes on beyond its share until there is any roster.
    """

    module: str
    share: float = 1.0
    work: float | None = None
    seed: int = 0
    hears: bool = True
    until_any: bool = False


Turns = tuple[Step, ...]  # one worker's, one after the other


def portfolio(instance: Instance, limits: SolveLimits) -> list[Turns]:
    """Return the turns of each worker."""
    if limits.deterministic is not None:
        return _deterministic(limits.deterministic, limits.workers)
    proofs = _proofs(instance)
    if limits.workers == 1:
        first = Step(module=NEIGHBORHOODS, share=ALONE_SHARE, until_any=True)
        return [(first, *proofs)]
    others = [
        (Step(module=NEIGHBORHOODS, seed=seed),) for seed in range(2, limits.workers)
    ]
    return [(Step(module=NEIGHBORHOODS),), proofs, *others]


def _proofs(instance: Instance) -> Turns:
    """Return what proves bounds, and searches on in the time that is left."""
    size = _size(instance)
    is_small = size <= SMALL
    feasibility = Step(module=FEASIBILITY, share=FEASIBILITY_SHARE)
    return (
        *((feasibility,) if binds_several(instance) else ()),
        *((Step(module=NEARLY_WHOLE),) if size <= MIDDLING else ()),
        Step(module=WHOLE_ROWS, share=WHOLE_ROWS_SHARE if is_small else 1.0),
        *((Step(module=PROGRAM),) if is_small else ()),
        Step(module=NEIGHBORHOODS, seed=1),
    )


def _size(instance: Instance) -> int:
    return len(instance.people) * instance.days * len(instance.shift_types)


def _deterministic(work: float, workers: int) -> list[Turns]:
    """Return one search that hears nobody, and a bound beside it.

    The bound may end the search, but only at a roster that nothing can better.
    """
    search = (Step(module=NEIGHBORHOODS, work=work, hears=False),)
    bounds = (Step(module=RELAXATION),)
    return [search, bounds] if workers > 1 else [search]
