"""Conversations, their turns, and what the hospital says for itself."""

from consult.models.adapter import AdapterActivation
from consult.models.conversation import (
    SOONER_MINUTES,
    Conversation,
    Language,
    Mood,
    Reason,
    State,
)
from consult.models.desk import DeskHours, Guidance, Phrase, Weekday
from consult.models.generator import GeneratorChoice, GeneratorName
from consult.models.turn import (
    OF_A_REPORT,
    OPEN_TURNS,
    Author,
    Kind,
    Turn,
    TurnState,
)

__all__ = [
    "OF_A_REPORT",
    "OPEN_TURNS",
    "SOONER_MINUTES",
    "AdapterActivation",
    "Author",
    "Conversation",
    "DeskHours",
    "GeneratorChoice",
    "GeneratorName",
    "Guidance",
    "Kind",
    "Language",
    "Mood",
    "Phrase",
    "Reason",
    "State",
    "Turn",
    "TurnState",
    "Weekday",
]
