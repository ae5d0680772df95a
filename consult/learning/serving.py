"""What was learned, asked about a message: loaded once, by workers and commands alone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from consult.intent.intents import Intent
from consult.language.detect import Language
from consult.language.grams import Guess, read_grams
from consult.language.mood import Mood
from consult.learning.entry import AdapterEntry
from consult.learning.errors import LearningError

GRAMS = "grams.json"
Classifier = Callable[[str], Guess]


@dataclass(frozen=True, slots=True)
class Served:
    """The adapters in service; None where the rules stand alone."""

    intents: dict[Language, Classifier]
    moods: dict[Language, Classifier]

    def intent(self, text: str, language: Language) -> Intent | None:
        """Return what a message is about."""
        classify = self.intents.get(language)
        # A head's labels are those of its task: the build writes no others.
        return cast("Intent", classify(text).label) if classify else None

    def mood(self, text: str, language: Language) -> Mood | None:
        """Return how a message sounds."""
        classify = self.moods.get(language)
        return cast("Mood", classify(text).label) if classify else None


def classifiers(entry: AdapterEntry, *, base: Path) -> dict[Language, Classifier]:
    """Return what answers in each language; none where the rules serve.

    Raises:
        LearningError: The base is not the one that the adapter was fitted to.
    """
    loaded: dict[str, Classifier] = {}
    if "grams" in entry.serves.values():
        loaded["grams"] = read_grams(entry.folder / GRAMS).guess
    if "encoder" in entry.serves.values():
        loaded["encoder"] = _encoder(entry, base)
    return {
        language: loaded[engine]
        for language, engine in entry.serves.items()
        if engine in loaded
    }


def _encoder(entry: AdapterEntry, base: Path) -> Classifier:
    from consult.learning.adapting import base_digest  # noqa: PLC0415 (torch)
    from consult.learning.encoder import load_encoder  # noqa: PLC0415 (torch)

    if base_digest(base) != entry.base_digest:
        message = f"{entry.reference} was fitted to another base than {base}"
        raise LearningError(message)
    encoder = load_encoder(entry.folder, base=base, labels=entry.labels)
    return lambda text: next(encoder.guesses([text]))
