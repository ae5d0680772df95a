"""What was learned, loaded once in each language worker, and its word on a message.

The rules judged the message when it came, in the web process; nothing here lowers what
they said. A damaged adapter is logged and left out: the rules stand alone.
"""

from functools import lru_cache

import structlog

from consult.language.detect import Language
from consult.learning.bases import minilm
from consult.learning.errors import LearningError
from consult.learning.serving import Classifier, Served, classifiers
from consult.models import AdapterActivation
from consult.services.adapters import active_adapters, active_entry
from hospital.core.errors import InvalidInput

log = structlog.get_logger(__name__)


def learned_in_service() -> Served | None:
    """Return what is in service for intents and moods; None where rules stand alone."""
    active = active_adapters()
    intents, moods = (_of(task, active.get(task)) for task in ("intent", "sentiment"))
    return Served(intents, moods) if intents or moods else None


def _of(task: str, active: AdapterActivation | None) -> dict[Language, Classifier]:
    if active is None:
        return {}
    try:
        return _loaded(task, active.digest)
    except (InvalidInput, LearningError) as error:
        log.warning("adapter_left_out", task=task, reason=str(error))
        return {}


@lru_cache(maxsize=4)
def _loaded(task: str, digest: str) -> dict[Language, Classifier]:
    """Return what was put into service with a digest, verified when it is loaded."""
    entry = active_entry(task)
    return classifiers(entry, base=minilm()) if entry else {}
