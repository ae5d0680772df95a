"""What the rules say of a message, and how a learned label counts beside them."""

from functools import lru_cache
from typing import cast

from consult.dialogue import Outcome, Request, take_turn
from consult.dialogue.learned import intent_with, mood_with
from consult.intent.intents import Intent, is_silent
from consult.language.detect import Language
from consult.language.mood import Mood
from consult.learning.labels import LabelTask
from consult.safety.check import Person


def ruled_label(text: str, task: LabelTask) -> str:
    """Return the label by rules alone."""
    outcome = _outcome(text)
    return outcome.intent if task == "intent" else outcome.mood


def counted(text: str, told: str, task: LabelTask) -> str:
    """Return the label that counts in service where a classifier told one."""
    outcome = _outcome(text)
    if task == "sentiment":
        return mood_with(
            _Told(told), outcome.mood, text=text, language=outcome.language
        )
    return intent_with(
        _Told(told),
        outcome.intent,
        text=text,
        language=outcome.language,
        is_silent=not outcome.safety.findings and is_silent(outcome.safety.reading),
    )


class _Told:
    """A label that was told already."""

    def __init__(self, label: str) -> None:
        self.label = label

    def intent(self, text: str, language: Language) -> Intent:
        """Return it: one of the task's labels, read from the head."""
        return cast("Intent", self.label)

    def mood(self, text: str, language: Language) -> Mood:
        """Return it: one of the task's labels, read from the head."""
        return cast("Mood", self.label)


@lru_cache(maxsize=4096)
def _outcome(text: str) -> Outcome:
    return take_turn(Request((text,), None, Person()))
