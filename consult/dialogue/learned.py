"""What may be learned about a turn, and where it counts: never over a rule that protects."""

from typing import Protocol

from consult.intent.intents import Intent
from consult.language.detect import Language
from consult.language.mood import MOODS, Mood

_RULES_ALONE: frozenset[Intent] = frozenset({"harmful", "human"})


class Learned(Protocol):
    """Something that was learned and put into service."""

    def intent(self, text: str, language: Language) -> Intent | None:
        """Return what a message is about; None where nothing learned serves."""

    def mood(self, text: str, language: Language) -> Mood | None:
        """Return how a message sounds; None where nothing learned serves."""


def intent_with(
    learned: Learned | None,
    ruled: Intent,
    *,
    text: str,
    language: Language,
    is_silent: bool,
) -> Intent:
    """Return the intent of a message: a rule's wherever one speaks.

    What is learned makes nothing a refusal and asks for nobody: both do something.
    """
    if learned is None or not is_silent or ruled in _RULES_ALONE:
        return ruled
    told = learned.intent(text, language)
    return ruled if told is None or told in _RULES_ALONE else told


def mood_with(
    learned: Learned | None, ruled: Mood, *, text: str, language: Language
) -> Mood:
    """Return how a message sounds: what is learned only makes a person more needed."""
    told = learned.mood(text, language) if learned else None
    return ruled if told is None else max(ruled, told, key=MOODS.index)
