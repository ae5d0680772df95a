"""A gate: bounds on figures, and the comparison with what serves."""

from pathlib import Path

import pytest

from diagnosis.inference.gate import Condition, Gate, GateError, judge, read_gate

METRICS = {
    "figures": {"auroc": 0.8, "auroc_ci95": [0.72, 0.87], "ece": 0.08},
    "controls": {"same_model_blanked": 0.7},
}
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("condition", "found", "holds"),
    [
        (Condition("figures.auroc_ci95.0", at_least=0.7), 0.72, True),
        (Condition("figures.auroc_ci95.0", at_least=0.73), 0.72, False),
        (Condition("figures.ece", at_most=0.08), 0.08, True),
        (Condition("figures.ece", at_most=0.07), 0.08, False),
        (
            Condition("figures.auroc", minus="controls.same_model_blanked", at_least=0),
            pytest.approx(0.1),
            True,
        ),
        (Condition("figures.nothing", at_most=1.0), None, False),
        (Condition("figures.auroc_ci95.7", at_least=0.0), None, False),
    ],
)
def test_a_condition_holds_by_what_was_measured(condition, found, holds) -> None:
    (outcome,) = judge(Gate((condition,)), METRICS, difference_low=None, is_first=False)

    assert outcome.found == found
    assert outcome.holds is holds


@pytest.mark.parametrize(
    ("low", "is_first", "holds"),
    [
        (-0.01, False, [True]),
        (-0.05, False, [False]),
        (None, False, [False]),
        (None, True, []),
    ],
)
def test_a_version_may_not_be_worse_than_what_serves(low, is_first, holds) -> None:
    outcomes = judge(Gate((), 0.03), METRICS, difference_low=low, is_first=is_first)

    assert [outcome.holds for outcome in outcomes] == holds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[conditions]]\nfigure = 'a'", "either at_least or at_most"),
        ("[[conditions]]\nfigure = 'a'\nat_least = 1\nat_most = 2", "either"),
        ("[[conditions]]\nfigure = 'a'\nover = 1", "unknown over"),
        ("[[conditions", "cannot be read"),
    ],
)
def test_a_gate_that_makes_no_sense_says_so(tmp_path: Path, text, words) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "gate.toml").write_text(text)

    with pytest.raises(GateError, match=words):
        read_gate(tmp_path, "tiny")


def test_the_shipped_gate_is_understood() -> None:
    gate = read_gate(ROOT / "models", "ct-covid")

    assert gate is not None
    assert gate.not_worse_by is not None
    assert len(gate.conditions) == 3
