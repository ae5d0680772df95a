"""What a `language` worker loads before its first answer, so that nobody waits for it."""

from consult.dialogue.interview import State, next_step
from hospital.knowledge.services.finding import answer


def warm() -> None:
    """Compile the rules and load the library's index."""
    next_step(State(), "")
    answer("fever", lang="en")
