"""Calibration against hand-worked answers."""

import numpy as np
import pytest

from diagnosis.inference.calibrate import (
    calibrated,
    feature_distances,
    fit_reference,
    fit_scaling,
    fit_temperature,
    grey_zone,
    is_grey,
    out_of_fold_probabilities,
    probabilities,
)
from diagnosis.inference.entry import Calibration, EntryError


def softmax(logits: np.ndarray) -> np.ndarray:
    return probabilities(logits, temperature=1.0)


def test_probabilities_are_a_softmax_over_a_temperature() -> None:
    p = probabilities(np.array([[2 * np.log(3.0), 0.0]]), temperature=2.0)

    assert p.tolist() == [pytest.approx([0.75, 0.25])]


def test_large_logits_do_not_overflow() -> None:
    p = probabilities(np.array([[1e4, -1e4]]), temperature=1.0)

    assert p.tolist() == [[1.0, 0.0]]


def test_temperature_makes_confidence_match_outcomes() -> None:
    # Three of four are right: the best probability is 0.75, so log(3) = 2 / T.
    logits = np.array([[2.0, 0.0]] * 4)
    labels = np.array([0, 0, 0, 1])

    temperature = fit_temperature(logits, labels)

    assert temperature == pytest.approx(2 / np.log(3), abs=1e-4)


def test_each_label_gets_its_own_scale_where_there_are_three() -> None:
    generator = np.random.default_rng(0)
    true = generator.normal(size=(4000, 3)) * 2
    labels = np.array([generator.choice(3, p=row) for row in softmax(true)])
    logits = true / np.array([1.0, 0.5, 2.0]) - np.array([0.0, 1.0, 0.0])

    temperature, scales, offsets = fit_scaling(logits, labels)

    calibration = Calibration(temperature, 0.5, 0.5, scales=scales, offsets=offsets)
    p = calibrated(logits, calibration)
    plain = probabilities(logits, temperature=temperature)
    rows = np.arange(len(labels))
    gained = np.log(p[rows, labels]).mean() - np.log(plain[rows, labels]).mean()
    assert gained > 0.05
    assert np.abs(p - softmax(true)).mean() < 0.02


def test_two_labels_keep_to_one_temperature() -> None:
    logits, labels = np.array([[2.0, 0.0]] * 4), np.array([0, 0, 0, 1])

    temperature, scales, offsets = fit_scaling(logits, labels)

    assert (scales, offsets) == ((), ())
    assert temperature == fit_temperature(logits, labels)
    with pytest.raises(EntryError, match="one offset a scale"):
        Calibration(1.0, 0.5, 0.5, scales=(1.0, 1.0))


def test_a_patient_never_calibrates_itself() -> None:
    logits = np.array([[3.0, 0.0], [3.0, 0.0], [-3.0, 0.0], [0.5, 0.0]])
    labels = np.array([1, 0, 1, 0])
    groups = ["a", "b", "c", "d"]

    p = out_of_fold_probabilities(logits, labels, groups=groups, folds=4)

    for held in range(4):
        rest = [index for index in range(4) if index != held]
        alone = fit_temperature(logits[rest], labels[rest])
        expected = probabilities(logits[held], temperature=alone)
        assert p[held].tolist() == pytest.approx(expected.tolist())


def test_grey_zone_widens_until_answers_are_right_enough() -> None:
    positive = np.array([0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.55, 0.45, 0.9])
    truth = np.array([1, 1, 1, 0, 0, 0, 0, 0, 1, 1], dtype=bool)

    low, high = grey_zone(positive, truth, target_accuracy=0.95, max_withheld=0.25)

    assert (low, high) == (0.44, 0.56)
    zone = Calibration(temperature=1.0, grey_low=low, grey_high=high)
    assert is_grey(0.5, zone)
    assert not is_grey(0.56, zone)


def test_grey_zone_never_withholds_too_much() -> None:
    positive = np.array([0.5, 0.5, 0.52, 0.9])
    truth = np.array([0, 0, 0, 0], dtype=bool)

    assert grey_zone(positive, truth, max_withheld=0.25) == (0.5, 0.5)


def test_distance_is_about_one_for_the_learned_and_far_for_others() -> None:
    generator = np.random.default_rng(0)
    scale = np.array([5.0, 2.0, 1.0, 1.0, 1.0, 1.0])
    learned = generator.normal(size=(400, 6)) * scale + 3

    held_out = generator.normal(size=(200, 6)) * scale * 1.5 + 3

    reference = fit_reference(learned, held_out, components=2)

    distances = feature_distances(learned, reference)
    assert np.mean(distances**2) == pytest.approx(1.0, rel=0.02)
    beyond = feature_distances(held_out, reference) > reference.max_distance
    assert beyond.sum() == 2  # one in a hundred of those not learned from
    assert not (distances > reference.max_distance).any()
    far = feature_distances(np.full((1, 6), 40.0), reference)
    assert far[0] > reference.max_distance


@pytest.mark.parametrize("zone", [(-0.1, 0.5), (0.6, 0.4), (0.4, 1.1)])
def test_a_zone_outside_probabilities_is_refused(zone: tuple[float, float]) -> None:
    with pytest.raises(EntryError):
        Calibration(temperature=1.0, grey_low=zone[0], grey_high=zone[1])
