"""What the clock makes impossible is closed by itself."""

from hospital.jobs.run import JobRun
from scheduling.services.stale import close_every_stale_swap


def close_stale_swaps(run: JobRun) -> dict[str, object]:
    """Close the swaps whose shifts began, or of whose two one left."""
    run.check()
    return {"closed": close_every_stale_swap()}
