"""How often the labels that a model leaves open hold the true one, and how many they are.

References:
    Angelopoulos and Bates, Conformal prediction: a gentle introduction, Foundations and
    Trends in Machine Learning 16 (2023), section 3 (checking coverage and set sizes).
"""

from collections.abc import Sequence

import numpy as np

from diagnosis.inference.entry import Conformal
from diagnosis.training.metrics import Answers, draws_of, interval


def left_open(
    answers: Answers, conformal: Conformal, *, labels: Sequence[str]
) -> dict[str, object]:
    """Return the coverage that was wanted and found, and the sizes of the sets.

    Where no label is likely enough the likeliest is left open all the same; such sets
    are counted as `none`.
    """
    p, truth = answers.probabilities, answers.truth
    rows = np.arange(len(truth))
    kept = 1 - p <= conformal.limit
    size = kept.sum(axis=1)
    holds = np.where(size == 0, p.argmax(axis=1) == truth, kept[rows, truth])
    drawn = [float(holds[chosen].mean()) for chosen in draws_of(answers.groups, seed=0)]
    return {
        "wanted": conformal.coverage,
        "fitted_on": conformal.patients,
        "covered": round(float(holds.mean()), 4),
        "ci95": interval(drawn),
        "one": round(float((size == 1).mean()), 4),
        "several": round(float((size > 1).mean()), 4),
        "none": round(float((size == 0).mean()), 4),
        "by_label": [
            {
                "label": label,
                "n": int((truth == index).sum()),
                "covered": round(float(holds[truth == index].mean()), 4)
                if (truth == index).any()
                else None,
            }
            for index, label in enumerate(labels)
        ],
    }
