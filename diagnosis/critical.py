"""Which findings somebody must be told of at once: data, not code.

The labels and the probabilities from which they count are a setting, since a hospital
agrees on its own list. The default holds the findings to be told within minutes that
a model of the store might name.

References:
    Larson et al., Actionable findings and the role of IT support: report of the ACR
    Actionable Reporting Work Group. J Am Coll Radiol 2014;11(6):552-558, category 1.
"""

from collections.abc import Mapping

ACR_CATEGORY_1: Mapping[str, float] = {
    "aortic dissection": 0.5,
    "intracranial haemorrhage": 0.5,
    "pneumoperitoneum": 0.5,
    "pulmonary embolism": 0.5,
    "tension pneumothorax": 0.5,
}


def is_critical(
    label: str, *, probability: float | None, thresholds: Mapping[str, float]
) -> bool:
    """Whether a label must be told of at once.

    Args:
        label: The label that holds after the reader's verdict.
        probability: What the model gave it; None when the reader says it themselves.
        thresholds: Probability from which each label counts, by its name.
    """
    known = {_key(name): value for name, value in thresholds.items()}
    threshold = known.get(_key(label))
    if threshold is None:
        return False
    return probability is None or probability >= threshold


def _key(label: str) -> str:
    return label.lower().replace("_", " ").replace("-", " ").strip()
