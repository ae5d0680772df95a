"""How often the labels left open hold the true one, worked by hand."""

from typing import Any  # Any: figures as JSON

import numpy as np
from django.utils.translation import override

from diagnosis.evaluation.possible import left_open
from diagnosis.inference.entry import Conformal
from diagnosis.reporting.tables import tables
from diagnosis.training.metrics import Answers

LABELS = ("sick", "well")


def test_sets_and_coverage_are_those_worked_by_hand() -> None:
    sick = np.array([0.9, 0.8, 0.5, 0.1, 0.62])
    answers = Answers(
        probabilities=np.column_stack([sick, 1 - sick]),
        truth=np.array([0, 1, 1, 1, 0]),
        groups=["a", "b", "c", "d", "e"],
        abstained=np.zeros(5, dtype=np.bool_),
    )

    wide: dict[str, Any] = left_open(
        answers, Conformal(0.8, 0.5, 0.8, 40), labels=LABELS
    )
    strict = left_open(answers, Conformal(0.8, 0.15, 0.8, 40), labels=LABELS)

    # Wide: {sick}, {sick} though well, both, {well}, {sick}.
    assert (wide["one"], wide["several"], wide["none"]) == (0.8, 0.2, 0.0)
    assert wide["covered"] == 0.8
    assert [each["covered"] for each in wide["by_label"]] == [1.0, 0.6667]
    # Strict: only 0.9 of sick and of well are likely enough; else the likeliest is said.
    assert (strict["one"], strict["several"], strict["none"]) == (0.4, 0.0, 0.6)
    assert strict["covered"] == 0.6
    low, high = wide["ci95"]
    assert low < 0.8 < high


def test_a_version_without_a_limit_says_so_and_how_to_get_one() -> None:
    measured: dict[str, Any] = {"classes": []}

    told = next(p for p in tables(measured) if p.title == "Labels left open")

    assert "calibrate_ct" in str(told.note)
    assert not told.rows


def test_groups_are_told_in_words() -> None:
    figures = {"n": 9, "patients": 8, "auroc": None, "auroc_ci95": None}
    figures |= {"accuracy": 0.5, "recall": 0.5, "abstained": 0, "positives": 4}
    names = (("age_years", "18 to 39"), ("age_years", "at least 75"), ("sex", "F"))
    measured: dict[str, Any] = {
        "classes": [],
        "parts": [{"by": by, "name": name, **figures} for by, name in names],
    }

    with override("zh-hans"):
        told = next(p for p in tables(measured) if p.title == "按来源和分组")

    assert [row[0] for row in told.rows] == [
        "年龄（岁）: 18 至 39",
        "年龄（岁）: 至少 75",
        "性别: 女",
    ]
