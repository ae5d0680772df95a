"""What can be learned, and the labels of each task in one order."""

from typing import Literal, get_args

from consult.intent.intents import Intent
from consult.language.detect import Language
from consult.language.mood import MOODS

Task = Literal["intent", "sentiment", "generate"]
LabelTask = Literal["intent", "sentiment"]
TASKS: tuple[Task, ...] = get_args(Task)
LANGUAGES: tuple[Language, ...] = get_args(Language)
INTENTS: tuple[str, ...] = get_args(Intent)
MEMBER = {"intent": "intent", "sentiment": "mood"}  # of a row of data
LABELS = {"intent": INTENTS, "sentiment": MOODS}
