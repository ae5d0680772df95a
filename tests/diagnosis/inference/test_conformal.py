"""Which labels stay possible, against hand-worked limits and repeated draws."""

from dataclasses import replace

import numpy as np
import pytest

from diagnosis.inference.conformal import fit_conformal, possible_labels
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import Conformal, EntryError, ModelEntry
from diagnosis.inference.predict import read_series
from tests.diagnosis.inference.entries import PICTURE, series, slices

LABELS = ("sick", "well", "other")
WIDE = Conformal(coverage=0.9, limit=0.7, achieved=0.91, patients=20)


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        ([0.95, 0.04, 0.01], ("sick",)),
        ([0.31, 0.68, 0.01], ("well", "sick")),
        ([0.29, 0.42, 0.29], ("well",)),
        ([0.3, 0.3, 0.4], ("other", "sick", "well")),
    ],
)
def test_labels_stay_possible_down_to_one_less_the_limit(
    p: list[float], expected: tuple[str, ...]
) -> None:
    assert possible_labels(np.array(p), LABELS, WIDE) == expected


def test_one_label_stays_even_where_every_one_is_unlikely() -> None:
    strict = replace(WIDE, limit=0.2)

    assert possible_labels(np.array([0.5, 0.3, 0.2]), LABELS, strict) == ("sick",)


def test_the_limit_is_the_wanted_quantile_of_one_patient_more() -> None:
    # Nine patients with true labels at 0.9 .. 0.1: ninety per cent of ten is the ninth.
    truth_at = np.arange(9, 0, -1) / 10
    p = np.stack([truth_at, 1 - truth_at], axis=1)

    found = fit_conformal(p, np.zeros(9, int), groups=list("abcdefghi"), coverage=0.9)

    assert found.limit == pytest.approx(0.9)
    assert (found.coverage, found.patients) == (0.9, 9)


def test_a_patient_of_many_images_weighs_one() -> None:
    few = np.array([[0.9, 0.1]] * 19)
    many = np.array([[0.1, 0.9]] * 200)  # one patient, always wrong
    groups = [f"p{n}" for n in range(19)] + ["one"] * 200

    found = fit_conformal(
        np.concatenate([few, many]), np.zeros(219, int), groups=groups, coverage=0.9
    )

    assert found.limit == pytest.approx(0.1)


@pytest.mark.parametrize("wanted", [0.8, 0.9])
def test_the_truth_is_left_open_as_often_as_wanted(wanted: float) -> None:
    generator = np.random.default_rng(0)
    p = generator.dirichlet((0.6, 0.6, 0.6), size=3000)
    truth = np.array([generator.choice(3, p=row) for row in p])
    known = fit_conformal(
        p[:1500],
        truth[:1500],
        groups=[f"{n // 2}" for n in range(1500)],
        coverage=wanted,
    )

    left = [
        LABELS[label] in possible_labels(row, LABELS, known)
        for row, label in zip(p[1500:], truth[1500:], strict=True)
    ]

    assert np.mean(left) == pytest.approx(wanted, abs=0.03)
    assert known.achieved == pytest.approx(wanted, abs=0.03)


def test_a_slice_is_told_with_what_cannot_be_ruled_out(
    entry: ModelEntry, engine: Engine
) -> None:
    wide = replace(
        entry, calibration=replace(entry.calibration, conformal=replace(WIDE, limit=1))
    )

    slice_read = read_series(wide, engine, series(slices(1), PICTURE))
    series_read = read_series(wide, engine, series(slices(10)))

    assert set(slice_read.possible) == {"COVID", "NonCOVID"}
    assert slice_read.possible[0] == slice_read.label
    assert slice_read.coverage == 0.9
    assert (series_read.possible, series_read.coverage) == ((), None)  # never checked


def test_a_coverage_beyond_everybody_is_refused() -> None:
    with pytest.raises(EntryError, match="coverage"):
        Conformal(coverage=1.0, limit=0.5, achieved=0.9, patients=3)
