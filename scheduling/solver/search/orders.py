"""What a child process is told when it is born."""

from dataclasses import dataclass

from scheduling.solver.instance import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a child is to do.

    Attributes:
        module: The module whose `run` is the strategy.
        start: A packed roster to begin from.
        seconds: Wall time from the moment they are sent.
        sent: That moment, on the monotonic clock, which all processes share.
        memory_bytes: What it may take.
    """

    instance: Instance
    module: str
    start: bytes | None
    seed: int
    seconds: float
    sent: float
    work: float | None
    memory_bytes: int
